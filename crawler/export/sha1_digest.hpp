#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace orbweaver {

// A digest as readers of archives expect it: SHA-1, which names content there and protects nothing,
// in base 32 (RFC 4648 section 6).
class sha1_digest {
 public:
  sha1_digest();
  ~sha1_digest();

  void begin();
  void add(std::string_view bytes);
  // "sha1:" and 32 characters. To be called once.
  std::string text();

 private:
  struct destroy {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, destroy> context_;
};

}  // namespace orbweaver
