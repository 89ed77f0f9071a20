#include "crawler/store/store_check_bodies.hpp"

#define XXH_INLINE_ALL
#include <memory>
#include <xxhash.h>

#include "crawler/store/body_pieces.hpp"
#include "crawler/store/store.hpp"

namespace orbweaver {
namespace {

using schema::body_hash;
using schema::main_row;
using schema::table;

const std::string behind_all_keys(64, '\xff');

std::string written(const body_hash& hash) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const std::uint64_t half : {hash.high, hash.low})
    for (int shift = 60; shift >= 0; shift -= 4) out += digits[half >> shift & 15];
  return out;
}

bool has(const database& db, table which, std::string_view key) {
  return db.get(which, key).has_value();
}

// Whether all pieces are there, and their bytes those of the hash.
bool is_whole(const database& db, std::string_view secret, const body_hash& hash,
              std::uint64_t payload_bytes) {
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(),
                                                                       &XXH3_freeState);
  XXH3_128bits_reset_withSecret(state.get(), secret.data(), secret.size());
  std::uint64_t bytes = 0;
  row_writer key;
  for (std::uint32_t piece = 0; piece < payload_pieces(payload_bytes); ++piece) {
    schema::piece_key(key, hash, piece);
    const auto found = db.get(table::bodies, key.view());
    const auto row = found ? schema::decode_piece(*found) : std::nullopt;
    const auto text = row ? unpack(*row) : std::nullopt;
    if (!text) return false;
    XXH3_128bits_update(state.get(), text->data(), text->size());
    bytes += text->size();
  }
  const XXH128_hash_t now = XXH3_128bits_digest(state.get());
  return bytes == payload_bytes && body_hash{now.low64, now.high64} == hash;
}

class body_check {
 public:
  body_check(const database& db, std::vector<std::string>& problems)
      : db_(db), problems_(problems) {
    if (const auto secret = db.get(table::main, schema::secret_key());
        secret && secret->size() == fingerprinter::secret_bytes)
      prints_ = fingerprinter(*secret);
  }

  void run() {
    scan(table::body_uses, [&](std::string_view key, std::string_view) { check_use(key); });
    scan(table::body_refs,
         [&](std::string_view key, std::string_view row) { check_ref(key, row); });
    scan(table::bodies, [&](std::string_view key, std::string_view) { check_need(key); });
  }

 private:
  template <class F>
  void scan(table which, F row) {
    db_.scan(which, "", behind_all_keys, [&](std::string_view key, std::string_view value) {
      row(key, value);
      return true;
    });
  }
  void wrong(const std::string& what) { problems_.push_back(what); }

  void check_use(std::string_view key) {
    const auto use = schema::use_in_key(key);
    if (!use) return wrong("that a crawl needs a body is damaged");
    if (!has(db_, table::main, schema::main_key(main_row::tally, use->number)) &&
        !has(db_, table::main, schema::main_key(main_row::removed, use->number)))
      wrong("the body " + written(use->hash) + " is kept for a crawl that is not there");
    schema::ref_key(key_, use->hash, use->number);
    if (!has(db_, table::body_refs, key_.view()))
      wrong("the body " + written(use->hash) + " does not know that crawl " +
            std::to_string(use->number) + " needs it");
  }
  void check_ref(std::string_view key, std::string_view value) {
    const auto place = schema::ref_in_key(key);
    const auto row = schema::decode_ref(value);
    if (!place || !row) return wrong("what needs a body is damaged");
    schema::use_key(key_, place->number, place->hash);
    if (!has(db_, table::body_uses, key_.view()))
      wrong("crawl " + std::to_string(place->number) + " does not know that it needs the body " +
            written(place->hash));
    if (std::exchange(last_, place->hash) == place->hash) return;
    if (!is_whole(db_, prints_.secret(), place->hash, row->payload_bytes))
      wrong("the body " + written(place->hash) + " is damaged or missing");
  }
  void check_need(std::string_view key) {
    if (key.size() != schema::hash_bytes + 4) return wrong("a body is damaged");
    const std::string begin(key.substr(0, schema::hash_bytes));
    bool needed = false;
    db_.scan(table::body_refs, begin, begin + std::string(9, '\xff'), [&](auto, auto) {
      needed = true;
      return false;
    });
    if (!needed) wrong("a body is kept that nothing needs");
  }

  const database& db_;
  std::vector<std::string>& problems_;
  fingerprinter prints_;
  std::optional<body_hash> last_;
  row_writer key_;
};

}  // namespace

void check_bodies(const database& db, std::vector<std::string>& problems) {
  body_check(db, problems).run();
}

std::uint64_t count_exchanges(const database& db, std::uint64_t number,
                              std::vector<std::string>& problems) {
  std::uint64_t bytes = 0;
  row_writer ref;
  const auto count = [&](std::string_view key, std::string_view value) {
    const auto which = schema::exchange_in_key(key);
    const auto row = schema::decode_exchange(value);
    if (!which || !row) {
      problems.push_back("crawl " + std::to_string(number) + ": an exchange is damaged");
      return false;
    }
    bytes += row->request_head.size() + row->response_head.size();
    if (!row->unchanged) bytes += row->payload_bytes;
    if (row->payload_bytes == 0) return true;
    schema::ref_key(ref, row->hash, number);
    if (!has(db, table::body_refs, ref.view()))
      problems.push_back("crawl " + std::to_string(number) + ": the body of record " +
                         std::to_string(which->seq) + " is missing");
    return true;
  };
  db.scan(table::exchanges, schema::crawl_begin(number), schema::crawl_end(number), count);
  return bytes;
}

}  // namespace orbweaver
