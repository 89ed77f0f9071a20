#pragma once

#include <future>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>

#include "common/config.hpp"
#include "server/app.hpp"
#include "tests/support/http_client.hpp"

namespace orbweaver::test {

inline settings loopback_settings() {
  config_sources sources;
  sources.on = {2, 4096};
  settings out = merge_settings(sources).value();
  out.listen = {asio::ip::address_v4::loopback(), 0};
  out.allow_net = {*ip_network::parse("127.0.0.0/8")};
  out.store = store_kind::memory;
  out.drain_timeout = std::chrono::seconds(10);
  return out;
}

// The whole service in this process, and clients of it.
class running_app {
 public:
  explicit running_app(const settings& with = loopback_settings()) : app_(with) {
    port_ = app_.start().value().port();
  }
  ~running_app() {
    if (!stopping_.valid()) begin_stop(std::chrono::seconds(0));
  }

  void begin_stop(clock::duration grace) {
    stopping_ = std::async(std::launch::async, [this, grace] { app_.stop(grace); });
  }
  void wait_stopped() { stopping_.get(); }

  http_client connect() const { return http_client(port_); }

  // Further calls carry these fields: "Name: value\r\n".
  void always_send(std::string fields) { always_ = std::move(fields); }

  http_answer get(const std::string& target, const std::string& fields = "") const {
    return connect().request("GET", target, "", always_ + fields);
  }
  http_answer post(const std::string& target, const std::string& body = "",
                   const std::string& fields = "") const {
    return connect().request("POST", target, body, always_ + fields);
  }
  http_answer remove(const std::string& target) const {
    return connect().request("DELETE", target, "", always_);
  }
  nlohmann::json get_json(const std::string& target) const {
    return nlohmann::json::parse(get(target).body);
  }

  // Creates a crawl that must be accepted, and answers its id.
  std::string create(const nlohmann::json& request) const {
    const http_answer answer = post("/v1/crawls", request.dump());
    if (answer.status != 201) throw std::runtime_error(answer.body);
    return nlohmann::json::parse(answer.body).at("id");
  }

  nlohmann::json status(const std::string& id) const { return get_json("/v1/crawls/" + id); }

  // Follows the crawl's records to its end.
  nlohmann::json wait_until_final(const std::string& id) const {
    const http_answer stream = get("/v1/crawls/" + id + "/results?follow=true");
    if (!stream.whole) throw std::runtime_error("the stream broke off");
    return status(id);
  }

 private:
  app app_;
  std::uint16_t port_ = 0;
  std::string always_;
  std::future<void> stopping_;
};

// The stable code of a refusal; says so when the answer is not one as it should be.
inline std::string code_of(const http_answer& answer) {
  if (answer.fields.count("content-type") == 0 ||
      answer.fields.at("content-type") != "application/problem+json")
    return "no problem document";
  const auto json = nlohmann::json::parse(answer.body);
  if (json.at("status") != answer.status) return "another status than the header's";
  if (json.at("requestId") != answer.fields.at("x-request-id")) return "another request id";
  return json.at("code");
}

}  // namespace orbweaver::test
