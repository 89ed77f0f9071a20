#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "common/async/task.hpp"

typedef struct ssl_st SSL;
typedef struct ssl_ctx_st SSL_CTX;

namespace orbweaver::test {

// The server's end of a connection, plain or TLS, that can be ended in every way there is. All
// operations answer whether the client is still there.
class fault_socket {
 public:
  explicit fault_socket(tcp_socket socket);
  ~fault_socket();

  task<bool> start_tls(SSL_CTX* context);
  // `bytes` must outlive the operation.
  task<bool> write(std::string_view bytes);
  // Appends at least one byte.
  task<bool> read(std::string& to);
  // Waits until the client goes; what it sends is thrown away.
  task<> wait_for_end();

  void close();  // over TLS with its own close before
  void cut();
  task<> reset();
  void half_close();

 private:
  task<bool> wait(int returned, tcp_socket::wait_type otherwise);

  tcp_socket socket_;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_;  // null: plain
};

}  // namespace orbweaver::test
