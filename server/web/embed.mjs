// Turns the files of a directory into a C++ table of assets, compressed now so that the service
// never has to. Usage: node embed.mjs DIRECTORY OUTPUT.cpp
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
};

// Bytes. What is larger is left out: who takes no compressed copy, and hardly anybody does not, has
// it decompressed.
const largestPlain = 64 << 10;

const [directory, output] = process.argv.slice(2);
const files = readdirSync(directory, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(directory.length))
  .sort();

// As a string literal: compilers read one much faster than a list of numbers.
const literal = (bytes) => {
  const escaped = Array.from(bytes, (byte) => `\\${byte.toString(8).padStart(3, "0")}`);
  const lines = [];
  for (let at = 0; at < escaped.length; at += 24)
    lines.push(`    "${escaped.slice(at, at + 24).join("")}"`);
  return lines.length ? lines.join("\n") : '    ""';
};

const rows = [];
const arrays = [];
const array = (name, bytes) => {
  arrays.push(`constexpr char ${name}[] =\n${literal(bytes)};`);
  return `{${name}, ${bytes.length}}`;
};
files.forEach((file, n) => {
  const type = types[extname(file)];
  if (!type) throw new Error(`${file}: what type is it?`);
  const bytes = readFileSync(join(directory, file));
  const etag = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const gzip = gzipSync(bytes, { level: 9 });
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  const path = file === "/index.html" ? "/" : file.replace(/\.html$/, "");
  const plain = bytes.length > largestPlain ? Buffer.alloc(0) : bytes;
  rows.push(
    `    asset{"${path}", "${type}", R"(W/"${etag}")", ${path.startsWith("/assets/")},\n` +
      `          ${array(`plain_${n}`, plain)}, ${array(`gzip_${n}`, gzip)}, ${array(`brotli_${n}`, brotli)}},`,
  );
});

writeFileSync(
  output,
  `// Made by server/web/embed.mjs.
#include "server/api/assets.hpp"

#include <array>

namespace orbweaver {
namespace {

${arrays.join("\n")}

constexpr std::array<asset, ${rows.length}> table{
${rows.join("\n")}
};

}  // namespace

std::span<const asset> embedded_assets() noexcept { return table; }

}  // namespace orbweaver
`,
);
