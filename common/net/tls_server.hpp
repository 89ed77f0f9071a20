#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "common/async/task.hpp"
#include "common/net/tls.hpp"
#include "common/parsed.hpp"
#include "common/watched_file.hpp"

typedef struct ssl_ctx_st SSL_CTX;

namespace orbweaver {

// The server's end of TLS 1.2 or newer, for HTTP/1.1 (RFC 7301): a client that offers other
// protocols alone is turned away. The certificate is read again when its file changes, so that one
// that is renewed needs no restart. From any thread.
class tls_server {
 public:
  // PEM files: the certificate with those that lead to its authority, and its key. A passphrase is
  // not asked for. The reason of a failure names the file.
  static parsed<std::unique_ptr<tls_server>> open(const std::string& certificate,
                                                  const std::string& key);

  // Over a connected socket. Its handshake() comes first.
  std::unique_ptr<tls_stream> accept(tcp_socket socket);

 private:
  tls_server(const std::string& certificate, const std::string& key);
  std::shared_ptr<SSL_CTX> context(clock::time_point now);

  watched_file certificate_;
  watched_file key_;
  std::mutex mutex_;  // guards context_
  std::shared_ptr<SSL_CTX> context_;
};

}  // namespace orbweaver
