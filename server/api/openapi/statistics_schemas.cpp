#include "server/api/openapi/answer_schemas.hpp"

namespace orbweaver {

const std::string_view statistics_schemas = R"json({
"Statistics": {
  "type": "object",
  "description": "What the fetches of a crawl were like. Times in seconds.",
  "required": ["latency", "depths", "contentTypes", "hosts", "timeline"],
  "additionalProperties": false,
  "properties": {
    "latency": {
      "type": "object", "required": ["bounds", "phases"], "additionalProperties": false,
      "description": "How long the phases of fetches took, as histograms of the same buckets.",
      "properties": {
        "bounds": {
          "type": "array", "items": {"type": "number"},
          "description": "Upper bounds of the buckets, inclusive, in seconds; one more bucket holds what is beyond the last."},
        "phases": {
          "type": "object", "required": ["dns", "connect", "tls", "firstByte", "total"],
          "additionalProperties": false,
          "description": "A histogram of each phase.",
          "properties": {
            "dns": {"$ref": "#/components/schemas/Histogram",
                    "description": "Resolving the host's name."},
            "connect": {"$ref": "#/components/schemas/Histogram",
                        "description": "Making the TCP connection."},
            "tls": {"$ref": "#/components/schemas/Histogram", "description": "The TLS handshake."},
            "firstByte": {"$ref": "#/components/schemas/Histogram",
                          "description": "From the request to the answer's first byte."},
            "total": {"$ref": "#/components/schemas/Histogram",
                      "description": "The whole fetch of one URL."}}}}},
    "depths": {
      "type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 33, "maxItems": 33,
      "description": "Pages by links from a seed, from 0 on; the last counts all that are as deep or deeper."},
    "contentTypes": {
      "type": "array", "maxItems": 33,
      "description": "Pages by media type, most pages first; beyond 32 types the rest is \"other\", last.",
      "items": {
        "type": "object", "required": ["type", "pages"], "additionalProperties": false,
        "properties": {
          "type": {
            "type": "string",
            "description": "As Content-Type says, without parameters; empty: nothing was said."},
          "pages": {"type": "integer", "minimum": 1, "description": "Pages of this type."}}}},
    "hosts": {
      "type": "object", "required": ["slowest", "failing"], "additionalProperties": false,
      "description": "The hosts that stand out; beyond 256 hosts, of those that weigh most.",
      "properties": {
        "slowest": {"$ref": "#/components/schemas/Hosts",
                    "description": "The longest mean time first, at most 20."},
        "failing": {"$ref": "#/components/schemas/Hosts",
                    "description": "The most failures first, at most 20."}}},
    "timeline": {
      "type": "object",
      "description": "The crawl's speed over its time, in columns of equal length, at most 240 points: what came up to each time from the one before.",
      "required": ["endSeconds", "fetched", "failed", "bytes"], "additionalProperties": false,
      "properties": {
        "endSeconds": {
          "type": "array", "items": {"type": "number", "minimum": 0},
          "description": "The end of each span, in seconds of the crawl's own running time."},
        "fetched": {
          "type": "array", "items": {"type": "integer", "minimum": 0},
          "description": "Pages fetched in it."},
        "failed": {
          "type": "array", "items": {"type": "integer", "minimum": 0},
          "description": "Pages failed in it."},
        "bytes": {
          "type": "array", "items": {"type": "integer", "minimum": 0},
          "description": "Bytes received in it, as counted in `bytesOnWire`."}}}
  }
},
"Histogram": {
  "type": "object", "required": ["count", "sum", "buckets"], "additionalProperties": false,
  "description": "Fetches in which the phase took place at all.",
  "properties": {
    "count": {"type": "integer", "minimum": 0, "description": "How many there were."},
    "sum": {"type": "number", "minimum": 0,
            "description": "The seconds of all of them together: sum / count is the mean."},
    "buckets": {
      "type": "array", "items": {"type": "integer", "minimum": 0},
      "description": "How many fell between the bound before and that of each bucket: one more than `bounds`."}}
},
"Hosts": {
  "type": "array", "maxItems": 20,
  "description": "Hosts, and what fetches from them were like.",
  "items": {
    "type": "object", "required": ["host", "pages", "failures", "meanSeconds", "maxSeconds"],
    "additionalProperties": false,
    "properties": {
      "host": {
        "type": "string", "description": "With its port, where that is not the scheme's own."},
      "pages": {
        "type": "integer", "minimum": 0, "description": "Fetches from it, failed ones included."},
      "failures": {"type": "integer", "minimum": 0, "description": "Those that failed."},
      "meanSeconds": {"type": "number", "minimum": 0, "description": "Mean time of a fetch."},
      "maxSeconds": {"type": "number", "minimum": 0, "description": "The longest one."}}}
}
})json";

}  // namespace orbweaver
