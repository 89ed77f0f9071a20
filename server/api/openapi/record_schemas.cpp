#include "server/api/openapi/answer_schemas.hpp"

namespace orbweaver {

const std::string_view record_schemas = R"json({
"Record": {
  "type": "object",
  "description": "What one fetch brought. Members without a value are left out; those from `title` to `rawHtml` come with the request's `formats`.",
  "required": ["seq", "url", "depth", "bytesOnWire", "bytes", "timings", "fetchedAt", "outcome",
               "attempts"],
  "additionalProperties": false,
  "properties": {
    "seq": {"type": "integer", "minimum": 1,
            "description": "Its place in the crawl's log, from 1 on without a gap."},
    "url": {"type": "string", "description": "The URL as it was found."},
    "finalUrl": {"type": "string", "description": "The URL asked last, after redirects, without fragment."},
    "redirects": {"type": "array", "items": {"type": "string"},
                  "description": "The URLs that were redirected, in order, from `url` on."},
    "referrer": {"type": "string", "description": "The page on which the URL was first found."},
    "duplicateOf": {"type": "string",
                    "description": "The URL of an earlier page of this crawl with the same content, or the known one that it redirects to."},
    "depth": {"type": "integer", "minimum": 0, "description": "Links away from a seed; 0: it is one."},
    "outcome": {
      "enum": ["fetched", "failed", "skipped"],
      "description": "`fetched`: it was answered for, with whatever status. `failed`: see `error`. `skipped`: see `reason`."},
    "error": {"$ref": "#/components/schemas/Reason", "description": "Why the fetch has failed."},
    "reason": {"$ref": "#/components/schemas/Reason",
               "description": "Why the page was not read, although it was its turn."},
    "attempts": {"type": "integer", "minimum": 0,
                 "description": "How often it was tried, `retries` included; 0: it was not."},
    "status": {"type": "integer", "minimum": 100, "maximum": 999,
               "description": "The answer's HTTP status."},
    "contentType": {"type": "string",
                    "description": "The media type that Content-Type says, without parameters."},
    "charset": {"type": "string", "description": "The encoding that the body was read in, by its WHATWG name."},
    "charsetSource": {
      "enum": ["bom", "header", "meta", "detected", "default"],
      "description": "What named the charset: a byte order mark, Content-Type, a meta element, a look at the bytes, or nothing."},
    "bytesOnWire": {"type": "integer", "minimum": 0,
                    "description": "Bytes received: heads and redirects included, the body as it came."},
    "bytes": {"type": "integer", "minimum": 0,
              "description": "Bytes of the body, decompressed."},
    "truncated": {"type": "string",
                  "description": "Why the body is not whole: `size_limit` (maxBodyBytes), `closed`, `bad_chunk`, or the outcome code of a decoder's failure."},
    "contentHash": {"type": "string", "pattern": "^[0-9a-f]{16}$",
                    "description": "A hash of the content, 64 bits in hexadecimal: equal content has an equal one."},
    "etag": {"type": "string", "description": "The answer's ETag: how the site calls this version."},
    "lastModified": {"type": "string", "description": "The answer's Last-Modified, as received."},
    "change": {
      "enum": ["new", "unchanged", "changed", "gone"],
      "description": "What has become of the page since the crawl that `since` names; only with that."},
    "nofollow": {"const": true, "description": "The page asks not to follow its links."},
    "timings": {
      "type": "object",
      "description": "How long each phase of the last attempt took, in seconds; 0: it did not take place, as on a connection that was open already.",
      "required": ["dns", "connect", "tls", "firstByte", "total"],
      "additionalProperties": false,
      "properties": {
        "dns": {"type": "number", "minimum": 0, "description": "Resolving the host's name."},
        "connect": {"type": "number", "minimum": 0, "description": "Making the TCP connection."},
        "tls": {"type": "number", "minimum": 0, "description": "The TLS handshake."},
        "firstByte": {"type": "number", "minimum": 0,
                      "description": "From the request to the answer's first byte."},
        "total": {"type": "number", "minimum": 0,
                  "description": "From the beginning of the fetch to the end of the body."}}},
    "fetchedAt": {"type": "string", "format": "date-time",
                  "description": "When the record was made (RFC 3339, UTC, to the millisecond)."},
    "robotsTag": {"type": "array", "items": {"type": "string"},
                  "description": "The answer's X-Robots-Tag fields, as received."},
    "title": {"type": "string", "description": "Of the first title element with text, at most 4 KiB."},
    "language": {"type": "string",
                 "description": "As the html element's lang says, or else a meta element."},
    "canonical": {"type": "string",
                  "description": "The absolute URL of the first link of rel=canonical."},
    "metadata": {
      "type": "object",
      "description": "Contents of meta elements by name or property; a list where one stands more than once.",
      "additionalProperties": {
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}},
    "jsonLd": {"type": "array", "items": {"type": "string"}, "maxItems": 64,
               "description": "Blocks of JSON-LD, as they stand on the page: not checked to be JSON."},
    "alternates": {
      "type": "array", "maxItems": 1024,
      "description": "The page in other languages, as its links of rel=alternate with hreflang say.",
      "items": {
        "type": "object", "required": ["url"], "additionalProperties": false,
        "properties": {
          "url": {"type": "string", "description": "Absolute."},
          "language": {"type": "string", "description": "The link's hreflang."}}}},
    "links": {
      "type": "array", "maxItems": 50000,
      "description": "Every link of the page in its order, of whatever element; those of a, area, frame, iframe and meta refresh are followed.",
      "items": {
        "type": "object", "required": ["url", "element"], "additionalProperties": false,
        "properties": {
          "url": {"type": "string", "description": "Absolute; what is no URL, as it is written."},
          "text": {"type": "string", "description": "What the reader sees of it, at most 1 KiB."},
          "rel": {"type": "string", "description": "The element's rel attribute."},
          "element": {
            "enum": ["a", "area", "link", "iframe", "frame", "img", "script", "source", "video",
                     "audio", "form", "meta refresh"],
            "description": "Which element it stands in."},
          "error": {"type": "string",
                    "description": "Why it is no URL. Such a link is not followed."}}}},
    "text": {"type": "string", "description": "What a reader sees, one block a line, at most 4 MiB; with the format `text`."},
    "rawHtml": {"type": "string", "description": "The body in UTF-8; with the format `rawHtml`."},
    "limitsReached": {
      "type": "array",
      "items": {"enum": ["links", "urls", "values", "metadata", "text", "nesting"]},
      "description": "What the page has more of than is kept: links, a URL too long, a value that was cut, metadata, text, SVG and MathML within each other."},
    "extracted": {
      "type": "object",
      "description": "By name of the request's `extract`: what its pattern matched, a list for a rule with `all`; null for no match, and for a match in which the group has no part.",
      "additionalProperties": {
        "anyOf": [{"type": ["string", "null"]}, {"type": "array", "items": {"type": ["string", "null"]}}]}},
    "extractCut": {"type": "array", "items": {"type": "string"},
                   "description": "Names of rules that a limit kept, or may have kept, from more than stands here: 64 KiB of values or 1,000 matches of a rule, the first 4 MiB of a page, a second for all rules together, and matches longer than half of what one search of a costly pattern goes through."}
  }
},
"Reason": {
  "type": "object", "description": "What decided, as a code and in words.",
  "required": ["code", "message"], "additionalProperties": false,
  "properties": {
    "code": {"$ref": "#/components/schemas/OutcomeCode"},
    "message": {"type": "string", "description": "In words, with what decided: the line of robots.txt, the pattern, the limit, or what says nofollow."}}
},
"LedgerLine": {
  "type": "object", "required": ["url", "outcome", "depth"], "additionalProperties": false,
  "description": "One URL the crawl has seen, and what became of it. Members without a value are left out.",
  "properties": {
    "url": {"type": "string", "description": "The URL as it was first found."},
    "outcome": {
      "enum": ["queued", "inFlight", "fetched", "failed", "skipped"],
      "description": "What became of it; of the first two, that nothing has yet."},
    "reason": {"$ref": "#/components/schemas/Reason",
               "description": "Why it has failed or was skipped."},
    "depth": {"type": "integer", "minimum": 0, "description": "Links away from a seed; 0: it is one."},
    "referrer": {"type": "string", "description": "The page on which it was first found."},
    "duplicateOf": {"type": "string",
                    "description": "The URL of an earlier page with the same content, or the known one that it redirects to."}}
}
})json";

}  // namespace orbweaver
