#include "server/api/answer_schemas.hpp"

#include <nlohmann/json.hpp>

namespace orbweaver {
namespace {

// Every object is closed: what an answer holds and this text does not is found by the tests.
constexpr std::string_view text = R"json({
"Crawl": {
  "type": "object",
  "description": "A crawl as it stands: what was asked for, and how far it has come.",
  "required": ["id", "name", "labels", "state", "finishReason", "createdAt", "startedAt",
               "finishedAt", "request", "counts", "rates", "progress", "etaSeconds", "byStatus",
               "byOutcome", "availableActions", "warnings", "links"],
  "additionalProperties": false,
  "properties": {
    "id": {"$ref": "#/components/schemas/CrawlId"},
    "name": {"type": ["string", "null"], "examples": ["nightly"]},
    "labels": {"type": "object", "additionalProperties": {"type": "string"}},
    "state": {"$ref": "#/components/schemas/CrawlState"},
    "finishReason": {
      "enum": ["exhausted", "limit", "duration", "bytes", "cancelled", "error", null],
      "description": "Why it has ended; null: it has not."},
    "createdAt": {"type": "string", "format": "date-time"},
    "startedAt": {"type": ["string", "null"], "format": "date-time"},
    "finishedAt": {"type": ["string", "null"], "format": "date-time"},
    "request": {
      "type": "object",
      "description": "The request with the values in effect. Secrets read [redacted].",
      "additionalProperties": true},
    "counts": {"$ref": "#/components/schemas/Counts"},
    "rates": {
      "type": "object",
      "description": "Over the last seconds; of a finished crawl, over its whole time.",
      "required": ["pagesPerSecond", "bytesPerSecond"],
      "additionalProperties": false,
      "properties": {"pagesPerSecond": {"type": "number", "minimum": 0},
                     "bytesPerSecond": {"type": "number", "minimum": 0}}},
    "progress": {"type": ["number", "null"], "minimum": 0, "maximum": 1,
                 "description": "null while it cannot be told."},
    "etaSeconds": {"type": ["number", "null"], "minimum": 0},
    "byStatus": {
      "type": "object", "description": "Pages by HTTP status.",
      "propertyNames": {"pattern": "^[1-9][0-9]{2}$"},
      "additionalProperties": {"type": "integer", "minimum": 1}},
    "byOutcome": {
      "type": "object", "description": "URLs by the code of their outcome.",
      "propertyNames": {"$ref": "#/components/schemas/OutcomeCode"},
      "additionalProperties": {"type": "integer", "minimum": 1}},
    "availableActions": {
      "type": "array", "items": {"enum": ["pause", "resume", "cancel", "delete"]}},
    "warnings": {"type": "array", "items": {"type": "string"}},
    "webhook": {
      "type": "object",
      "description": "How far the crawl's webhook has been told; in the crawl's own answer only.",
      "required": ["delivered", "givenUp", "lastError"],
      "additionalProperties": false,
      "properties": {
        "delivered": {"type": "integer", "minimum": 0, "description": "Messages."},
        "givenUp": {"type": "integer", "minimum": 0, "description": "Messages nobody took."},
        "lastError": {"type": ["string", "null"],
                      "description": "Why the last attempt that failed did."}}},
    "links": {
      "type": "object", "description": "Where its parts and its actions are.",
      "required": ["self", "results", "urls"],
      "additionalProperties": {"type": "string", "format": "uri-reference"}}
  }
},
"CrawlId": {
  "type": "string", "pattern": "^[0-9a-hjkmnp-tv-z]{26}$",
  "examples": ["7zzq3v5m8e0h1r9w2k4n6c5x0y"]
},
"CrawlState": {
  "enum": ["queued", "running", "pausing", "paused", "completed", "cancelled", "failed"]
},
"Counts": {
  "type": "object",
  "description": "At every moment discovered = queued + inFlight + fetched + failed + skipped.",
  "required": ["discovered", "queued", "inFlight", "fetched", "failed", "skipped", "duplicates",
               "bytesOnWire", "bytesStored"],
  "additionalProperties": false,
  "properties": {
    "discovered": {"type": "integer", "minimum": 0},
    "queued": {"type": "integer", "minimum": 0},
    "inFlight": {"type": "integer", "minimum": 0},
    "fetched": {"type": "integer", "minimum": 0},
    "failed": {"type": "integer", "minimum": 0},
    "skipped": {"type": "integer", "minimum": 0},
    "duplicates": {"type": "integer", "minimum": 0,
                   "description": "Pages with the content of an earlier one."},
    "bytesOnWire": {"type": "integer", "minimum": 0},
    "bytesStored": {"type": "integer", "minimum": 0}
  }
},
"CrawlPage": {
  "type": "object", "required": ["data", "next"], "additionalProperties": false,
  "properties": {
    "data": {"type": "array", "items": {"$ref": "#/components/schemas/Crawl"}},
    "next": {"$ref": "#/components/schemas/Cursor"}}
},
"Cursor": {
  "type": ["string", "null"],
  "description": "To be given as `cursor` to go on; null: there is nothing more to come."
},
"Record": {
  "type": "object",
  "description": "What one fetch brought. Members without a value are left out.",
  "required": ["seq", "url", "depth", "bytesOnWire", "bytes", "timings", "fetchedAt", "outcome",
               "attempts"],
  "additionalProperties": false,
  "properties": {
    "seq": {"type": "integer", "minimum": 1, "description": "Its place in the crawl's log."},
    "url": {"type": "string", "description": "As it was found."},
    "finalUrl": {"type": "string", "description": "After redirects."},
    "redirects": {"type": "array", "items": {"type": "string"},
                  "description": "The URLs that were redirected, in order, from `url` on."},
    "referrer": {"type": "string", "description": "The page it was found on."},
    "duplicateOf": {"type": "string", "description": "An earlier page with the same content."},
    "depth": {"type": "integer", "minimum": 0, "description": "Links away from a seed."},
    "outcome": {"enum": ["fetched", "failed", "skipped"]},
    "error": {"$ref": "#/components/schemas/Reason"},
    "reason": {"$ref": "#/components/schemas/Reason"},
    "attempts": {"type": "integer", "minimum": 0},
    "status": {"type": "integer", "minimum": 100, "maximum": 999},
    "contentType": {"type": "string"},
    "charset": {"type": "string"},
    "charsetSource": {"type": "string", "description": "How the charset was found."},
    "bytesOnWire": {"type": "integer", "minimum": 0},
    "bytes": {"type": "integer", "minimum": 0, "description": "Of the body, decoded."},
    "truncated": {"type": "string", "description": "Why the body is not whole."},
    "contentHash": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
    "etag": {"type": "string", "description": "As the site calls this version of the page."},
    "lastModified": {"type": "string", "description": "As the site says."},
    "change": {"enum": ["new", "unchanged", "changed", "gone"],
               "description": "Since the crawl that `since` names."},
    "nofollow": {"const": true, "description": "The page asks not to follow its links."},
    "timings": {
      "type": "object", "description": "Seconds.",
      "required": ["dns", "connect", "tls", "firstByte", "total"],
      "additionalProperties": false,
      "properties": {
        "dns": {"type": "number", "minimum": 0}, "connect": {"type": "number", "minimum": 0},
        "tls": {"type": "number", "minimum": 0}, "firstByte": {"type": "number", "minimum": 0},
        "total": {"type": "number", "minimum": 0}}},
    "fetchedAt": {"type": "string", "format": "date-time"},
    "robotsTag": {"type": "array", "items": {"type": "string"},
                  "description": "X-Robots-Tag, as received."},
    "title": {"type": "string"},
    "language": {"type": "string"},
    "canonical": {"type": "string"},
    "metadata": {
      "type": "object", "description": "Contents of meta elements by name or property.",
      "additionalProperties": {
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}},
    "jsonLd": {"type": "array", "items": {"type": "string"},
               "description": "JSON-LD blocks, as they stand on the page."},
    "alternates": {
      "type": "array",
      "items": {"type": "object", "required": ["url"], "additionalProperties": false,
                "properties": {"url": {"type": "string"}, "language": {"type": "string"}}}},
    "links": {
      "type": "array",
      "items": {"type": "object", "required": ["url", "element"], "additionalProperties": false,
                "properties": {"url": {"type": "string"}, "text": {"type": "string"},
                               "rel": {"type": "string"}, "element": {"type": "string"}}}},
    "text": {"type": "string", "description": "The visible text, one block a line."},
    "rawHtml": {"type": "string", "description": "The body as UTF-8."},
    "limitsReached": {
      "type": "array",
      "items": {"enum": ["links", "urls", "values", "metadata", "text"]},
      "description": "What the page has more of than is kept."},
    "extracted": {
      "type": "object", "description": "What the request's patterns found.",
      "additionalProperties": {
        "anyOf": [{"type": ["string", "null"]}, {"type": "array", "items": {"type": "string"}}]}},
    "extractCut": {"type": "array", "items": {"type": "string"},
                   "description": "Names of patterns that found more than is kept."}
  }
},
"Reason": {
  "type": "object", "required": ["code", "message"], "additionalProperties": false,
  "properties": {
    "code": {"$ref": "#/components/schemas/OutcomeCode"},
    "message": {"type": "string", "description": "In words, with the line, pattern or limit."}}
},
"RecordPage": {
  "type": "object", "required": ["data", "next"], "additionalProperties": false,
  "properties": {
    "data": {"type": "array", "items": {"$ref": "#/components/schemas/Record"}},
    "next": {"$ref": "#/components/schemas/Cursor"}}
},
"LedgerLine": {
  "type": "object", "required": ["url", "outcome", "depth"], "additionalProperties": false,
  "properties": {
    "url": {"type": "string"},
    "outcome": {"enum": ["queued", "inFlight", "fetched", "failed", "skipped"]},
    "reason": {"$ref": "#/components/schemas/Reason"},
    "depth": {"type": "integer", "minimum": 0},
    "referrer": {"type": "string"},
    "duplicateOf": {"type": "string"}}
},
"LedgerPage": {
  "type": "object", "required": ["data", "next"], "additionalProperties": false,
  "properties": {
    "data": {"type": "array", "items": {"$ref": "#/components/schemas/LedgerLine"}},
    "next": {"$ref": "#/components/schemas/Cursor"}}
},
"Statistics": {
  "type": "object",
  "description": "What the fetches of a crawl were like. Times in seconds.",
  "required": ["latency", "depths", "contentTypes", "hosts", "timeline"],
  "additionalProperties": false,
  "properties": {
    "latency": {
      "type": "object", "required": ["bounds", "phases"], "additionalProperties": false,
      "properties": {
        "bounds": {"type": "array", "items": {"type": "number"},
                   "description": "Upper bounds of the buckets; a last one has none."},
        "phases": {
          "type": "object", "required": ["dns", "connect", "tls", "firstByte", "total"],
          "additionalProperties": {
            "type": "object", "required": ["count", "sum", "buckets"],
            "additionalProperties": false,
            "properties": {
              "count": {"type": "integer", "minimum": 0}, "sum": {"type": "number", "minimum": 0},
              "buckets": {"type": "array", "items": {"type": "integer", "minimum": 0}}}}}}},
    "depths": {"type": "array", "items": {"type": "integer", "minimum": 0},
               "description": "Pages by links from a seed; the last counts all that are deeper."},
    "contentTypes": {
      "type": "array",
      "items": {"type": "object", "required": ["type", "pages"], "additionalProperties": false,
                "properties": {"type": {"type": "string"},
                               "pages": {"type": "integer", "minimum": 1}}}},
    "hosts": {
      "type": "object", "required": ["slowest", "failing"], "additionalProperties": false,
      "properties": {"slowest": {"$ref": "#/components/schemas/Hosts"},
                     "failing": {"$ref": "#/components/schemas/Hosts"}}},
    "timeline": {
      "type": "object", "description": "What came up to each time, from the one before.",
      "required": ["endSeconds", "fetched", "failed", "bytes"], "additionalProperties": false,
      "properties": {
        "endSeconds": {"type": "array", "items": {"type": "number", "minimum": 0}},
        "fetched": {"type": "array", "items": {"type": "integer", "minimum": 0}},
        "failed": {"type": "array", "items": {"type": "integer", "minimum": 0}},
        "bytes": {"type": "array", "items": {"type": "integer", "minimum": 0}}}}
  }
},
"Hosts": {
  "type": "array",
  "items": {
    "type": "object", "required": ["host", "pages", "failures", "meanSeconds", "maxSeconds"],
    "additionalProperties": false,
    "properties": {
      "host": {"type": "string"},
      "pages": {"type": "integer", "minimum": 0}, "failures": {"type": "integer", "minimum": 0},
      "meanSeconds": {"type": "number", "minimum": 0},
      "maxSeconds": {"type": "number", "minimum": 0}}}
},
"About": {
  "type": "object",
  "required": ["version", "requestFields", "outcomes", "resultFormats"],
  "additionalProperties": false,
  "properties": {
    "version": {"type": "string"},
    "requestFields": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["name", "type", "unit", "minimum", "maximum", "default", "words", "help"],
        "additionalProperties": false,
        "properties": {
          "name": {"type": "string"},
          "type": {"enum": ["wholeNumber", "number", "boolean", "text", "word", "words", "texts",
                            "textMap", "credentials", "rules", "webhook"]},
          "unit": {"type": "string"},
          "minimum": {"type": "number"}, "maximum": {"type": "number"},
          "default": {"type": "string", "description": "In words."},
          "words": {"type": "array", "items": {"type": "string"}},
          "help": {"type": "string"}}}},
    "outcomes": {
      "type": "array",
      "items": {
        "type": "object", "required": ["code", "kind", "transient", "description"],
        "additionalProperties": false,
        "properties": {
          "code": {"$ref": "#/components/schemas/OutcomeCode"},
          "kind": {"enum": ["fetched", "failed", "skipped"]},
          "transient": {"type": "boolean"},
          "description": {"type": "string"}}}},
    "resultFormats": {"type": "array", "items": {"type": "string"}}
  }
},
"Health": {
  "type": "object", "required": ["status"], "additionalProperties": false,
  "properties": {"status": {"enum": ["ok", "ready"]}}
},
"Problem": {
  "type": "object", "description": "Why a request is refused (RFC 9457).",
  "required": ["type", "title", "status", "code", "requestId"], "additionalProperties": false,
  "properties": {
    "type": {"const": "about:blank"},
    "title": {"type": "string"},
    "status": {"type": "integer", "minimum": 400, "maximum": 599},
    "code": {"$ref": "#/components/schemas/ProblemCode"},
    "requestId": {"type": "string", "description": "As X-Request-Id says; log lines have it."},
    "detail": {"type": "string"},
    "errors": {
      "type": "array", "description": "One entry per mistake.",
      "items": {
        "type": "object", "required": ["pointer", "detail"], "additionalProperties": false,
        "properties": {
          "pointer": {"type": "string",
                      "description": "Into the body (RFC 6901), or a parameter's name."},
          "detail": {"type": "string"}}}}}
}
})json";

}  // namespace

nlohmann::ordered_json answer_schemas() { return nlohmann::ordered_json::parse(text); }

}  // namespace orbweaver
