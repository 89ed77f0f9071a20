#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crawler/store/schema_bodies.hpp"

struct ZSTD_CCtx_s;

namespace orbweaver {

// Turns pieces of payloads into rows, made smaller where that is worth its while.
class piece_packer {
 public:
  piece_packer();
  ~piece_packer();

  // The row of `piece`, which is at most payload_piece_bytes long. It points into this object or
  // into `piece`. `packed`: it will not become any smaller.
  schema::piece_row pack(std::string_view piece, bool packed);

 private:
  struct destroy {
    void operator()(ZSTD_CCtx_s* context) const noexcept;
  };
  std::unique_ptr<ZSTD_CCtx_s, destroy> context_;
  std::string out_;
};

// The piece of a row; nullopt for a row that no packer made.
std::optional<std::string> unpack(const schema::piece_row& row);

}  // namespace orbweaver
