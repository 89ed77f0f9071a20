#include "server/api/openapi/answer_schemas.hpp"

namespace orbweaver {

const std::string_view service_schemas = R"json({
"About": {
  "type": "object",
  "description": "What a form for requests is made from.",
  "required": ["version", "requestFields", "outcomes", "resultFormats"],
  "additionalProperties": false,
  "properties": {
    "version": {"type": "string", "description": "Of the service."},
    "requestFields": {
      "type": "array",
      "description": "The fields of a crawl request, in the order of the documentation.",
      "items": {
        "type": "object",
        "required": ["name", "type", "unit", "minimum", "maximum", "default", "words", "help"],
        "additionalProperties": false,
        "properties": {
          "name": {"type": "string", "description": "As it stands in the request."},
          "type": {
            "enum": ["wholeNumber", "number", "boolean", "text", "word", "words", "texts",
                     "textMap", "credentials", "rules", "webhook"],
            "description": "How it is written: `word` and `words` are one and some of `words`; `texts` is an array, `textMap` an object of strings; `CrawlRequest` describes the last three."},
          "unit": {
            "type": "string", "description": "Of a number: \"pages\", \"seconds\"; else empty."},
          "minimum": {
            "type": "number",
            "description": "The least number, or the fewest items; 0 where neither is meant."},
          "maximum": {
            "type": "number",
            "description": "The greatest number, or the most items; 0 where neither is meant."},
          "default": {
            "type": "string", "description": "What holds without it, in words; empty: it is needed."},
          "words": {"type": "array", "items": {"type": "string"},
                    "description": "Which words there are; empty for other types."},
          "help": {"type": "string", "description": "What it does, in a sentence."}}}},
    "outcomes": {
      "type": "array",
      "description": "Every way in which a URL can end.",
      "items": {
        "type": "object", "required": ["code", "kind", "transient", "description"],
        "additionalProperties": false,
        "properties": {
          "code": {"$ref": "#/components/schemas/OutcomeCode"},
          "kind": {"enum": ["fetched", "failed", "skipped"],
                   "description": "What records and counts call it."},
          "transient": {"type": "boolean",
                        "description": "Whether a further attempt is made, up to `retries`."},
          "description": {"type": "string", "description": "What it means, in a sentence."}}}},
    "resultFormats": {
      "type": "array", "items": {"type": "string"},
      "description": "What `format` of a crawl's results may be."}
  }
},
"Health": {
  "type": "object", "required": ["status"], "additionalProperties": false,
  "description": "The process answers.",
  "properties": {"status": {"const": "ok", "description": "Always this one: there is an answer."}}
},
"Readiness": {
  "type": "object", "required": ["status", "store"], "additionalProperties": false,
  "description": "The service is neither starting nor stopping.",
  "properties": {
    "status": {"const": "ready", "description": "Always this one; a problem is answered otherwise."},
    "store": {
      "enum": ["well", "full", "failing"],
      "description": "`full`: the disk has no space left. `failing`: it does not take what is written. In both, crawls wait, what there is can be read, and writes are answered 507."},
    "doubt": {"type": "string", "description": "What was found to be lost when the store was opened, a line each, until `orbweaver store check --accept` says that this is known; and whether anything could not be read in the last minutes. Absent where there is nothing to tell."}}
},
"Description": {
  "type": "object", "required": ["openapi", "info", "paths"],
  "description": "An OpenAPI 3.1 document; its own specification describes it.",
  "properties": {
    "openapi": {"const": "3.1.0", "description": "The version of the OpenAPI specification."},
    "info": {"type": "object", "description": "The name and the version of the service."},
    "paths": {"type": "object", "description": "Every call, by path and method."}}
},
"Problem": {
  "type": "object", "description": "Why a request is refused (RFC 9457).",
  "required": ["type", "title", "status", "code", "requestId"], "additionalProperties": false,
  "properties": {
    "type": {"const": "about:blank", "description": "Always this; `code` tells problems apart."},
    "title": {"type": "string", "description": "What `code` means, in words."},
    "status": {"type": "integer", "minimum": 400, "maximum": 599,
               "description": "The answer's HTTP status."},
    "code": {"$ref": "#/components/schemas/ProblemCode"},
    "requestId": {"type": "string",
                  "description": "As X-Request-Id says; lines of the service's log have it."},
    "detail": {"type": "string",
               "description": "A sentence on this very refusal, where there is more to say."},
    "errors": {
      "type": "array",
      "description": "One entry per mistake in the body or the query, all at once.",
      "items": {
        "type": "object", "required": ["pointer", "detail"], "additionalProperties": false,
        "properties": {
          "pointer": {"type": "string",
                      "description": "A JSON pointer into the body (RFC 6901; empty: all of it), or the name of a parameter."},
          "detail": {"type": "string",
                     "description": "What is wrong there, to follow the pointer in a sentence."}}}}}
}
})json";

}  // namespace orbweaver
