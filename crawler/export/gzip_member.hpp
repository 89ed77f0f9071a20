#pragma once

#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace orbweaver {

// Writes gzip members (RFC 1952), one after the other. The same input makes the same bytes.
class gzip_member {
 public:
  gzip_member();
  ~gzip_member();

  void begin();
  void add(std::string_view bytes, std::string& out);
  void end(std::string& out);

 private:
  struct destroy {
    void operator()(z_stream_s* stream) const noexcept;
  };
  void deflate_into(std::string& out, int flush);

  std::unique_ptr<z_stream_s, destroy> stream_;
};

}  // namespace orbweaver
