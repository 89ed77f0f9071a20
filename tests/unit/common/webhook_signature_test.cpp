#include "common/webhook_signature.hpp"

#include <gtest/gtest.h>

#include "common/base64.hpp"

namespace orbweaver {
namespace {

TEST(Base64, GoesBothWays) {
  // RFC 4648 section 10.
  const std::pair<std::string, std::string> known[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : known) {
    EXPECT_EQ(to_base64(plain), encoded);
    EXPECT_EQ(from_base64(encoded), plain);
  }
  std::string every;
  for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
  EXPECT_EQ(from_base64(to_base64(every)), every);
}

TEST(Base64, RefusesWhatItDoesNotPrint) {
  for (const char* wrong : {"Zg", "Zg=", "Zh==", "====", "=", "Zm9v\n", " Zm9v", "Zm9=v", "Zm9-"})
    EXPECT_FALSE(from_base64(wrong)) << wrong;
}

// The example of the Standard Webhooks specification's libraries.
TEST(WebhookSignature, IsThatOfStandardWebhooks) {
  EXPECT_EQ(
      webhook_signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        1'614'265'330, R"({"test": 2432232314})"),
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignature, EachPartCounts) {
  const std::string one = webhook_signature("0123456789abcdef", "id", 1, "body");
  EXPECT_NE(one, webhook_signature("0123456789abcdeg", "id", 1, "body"));
  EXPECT_NE(one, webhook_signature("0123456789abcdef", "ie", 1, "body"));
  EXPECT_NE(one, webhook_signature("0123456789abcdef", "id", 2, "body"));
  EXPECT_NE(one, webhook_signature("0123456789abcdef", "id", 1, "bodz"));
}

TEST(WebhookSignature, SecretsHaveBounds) {
  EXPECT_FALSE(webhook_secret_problem(std::string(min_webhook_secret_bytes, 'a')));
  EXPECT_TRUE(webhook_secret_problem(std::string(min_webhook_secret_bytes - 1, 'a')));
  EXPECT_FALSE(webhook_secret_problem(std::string(max_webhook_secret_bytes, 'a')));
  EXPECT_TRUE(webhook_secret_problem(std::string(max_webhook_secret_bytes + 1, 'a')));
  EXPECT_TRUE(webhook_secret_problem("0123456789 abcdef"));
  EXPECT_TRUE(webhook_secret_problem("0123456789\nabcdef"));
  EXPECT_TRUE(webhook_secret_problem("whsec_no base 64 at all"));
  EXPECT_TRUE(webhook_secret_problem("whsec_" + to_base64("too short")));
  EXPECT_FALSE(webhook_secret_problem("whsec_" + to_base64("0123456789abcdef")));
}

}  // namespace
}  // namespace orbweaver
