#include "server/api/openapi/answer_schemas.hpp"

namespace orbweaver {

// `CrawlRequestInEffect` comes from the table of request fields.
const std::string_view crawl_schemas = R"json({
"Crawl": {
  "type": "object",
  "description": "A crawl as it stands: what was asked for, and how far it has come.",
  "required": ["id", "name", "labels", "state", "finishReason", "createdAt", "startedAt",
               "finishedAt", "request", "counts", "rates", "progress", "etaSeconds", "byStatus",
               "byOutcome", "availableActions", "warnings", "links"],
  "additionalProperties": false,
  "properties": {
    "id": {"$ref": "#/components/schemas/CrawlId"},
    "name": {
      "type": ["string", "null"],
      "description": "What the request calls it, for people; null: nothing."},
    "labels": {
      "type": "object",
      "description": "The request's labels, by which crawls are found.",
      "additionalProperties": {"type": "string"}},
    "state": {"$ref": "#/components/schemas/CrawlState"},
    "finishReason": {
      "enum": ["exhausted", "limit", "duration", "bytes", "cancelled", "error", null],
      "description": "Why it has ended: no URL is left to fetch; `limit`, `maxDuration` or `maxBytes` of the request is reached; it was cancelled; an error of the service. null: it has not ended."},
    "createdAt": {
      "type": "string", "format": "date-time",
      "description": "When it was asked for (RFC 3339, UTC, to the millisecond)."},
    "startedAt": {
      "type": ["string", "null"], "format": "date-time",
      "description": "When it first ran; null: it still waits for its turn."},
    "finishedAt": {
      "type": ["string", "null"], "format": "date-time",
      "description": "When it ended; null: it has not."},
    "request": {"$ref": "#/components/schemas/CrawlRequestInEffect"},
    "counts": {"$ref": "#/components/schemas/Counts"},
    "rates": {
      "type": "object",
      "description": "Over the last ten seconds or so; of a crawl that is over, over its whole time.",
      "required": ["pagesPerSecond", "bytesPerSecond"],
      "additionalProperties": false,
      "properties": {
        "pagesPerSecond": {
          "type": "number", "minimum": 0, "description": "Pages fetched, per second."},
        "bytesPerSecond": {
          "type": "number", "minimum": 0,
          "description": "Bytes received from the sites (`bytesOnWire`), per second."}}},
    "progress": {
      "type": ["number", "null"], "minimum": 0, "maximum": 1,
      "description": "The share of the pages known so far, up to `limit`, that are done: it falls when many links are found at once. 1: the crawl is over; null: it cannot be told yet."},
    "etaSeconds": {
      "type": ["number", "null"], "minimum": 0,
      "description": "Seconds until the pages known so far are done, at the speed of the last seconds; null: the crawl does not run, or it cannot be told."},
    "byStatus": {
      "type": "object",
      "description": "How many pages were answered with each HTTP status.",
      "propertyNames": {"pattern": "^[1-9][0-9]{2}$"},
      "additionalProperties": {"type": "integer", "minimum": 1}},
    "byOutcome": {
      "type": "object",
      "description": "How many URLs have ended with each outcome code.",
      "propertyNames": {"$ref": "#/components/schemas/OutcomeCode"},
      "additionalProperties": {"type": "integer", "minimum": 1}},
    "availableActions": {
      "type": "array",
      "description": "What its state allows now. All but `delete` are paths below the crawl's.",
      "items": {"enum": ["pause", "resume", "cancel", "delete"]}},
    "warnings": {
      "type": "array",
      "description": "Sentences on what goes on otherwise than one may expect, such as a full disk; usually empty.",
      "items": {"type": "string"}},
    "webhook": {
      "type": "object",
      "description": "How far the webhook has been told; only in the answer of `GET /v1/crawls/{id}`, and only of a crawl that has one.",
      "required": ["delivered", "givenUp", "lastError"],
      "additionalProperties": false,
      "properties": {
        "delivered": {
          "type": "integer", "minimum": 0, "description": "Messages that were taken."},
        "givenUp": {
          "type": "integer", "minimum": 0,
          "description": "Messages that nobody took, however often they were sent."},
        "lastError": {
          "type": ["string", "null"],
          "description": "Why the last attempt that failed did, in words; null: none has."}}},
    "links": {
      "type": "object",
      "description": "The paths of its parts, and of the actions its state allows.",
      "required": ["self", "results", "urls", "events", "statistics"],
      "additionalProperties": false,
      "properties": {
        "self": {"$ref": "#/components/schemas/Path",
                 "description": "The crawl: GET shows it, DELETE removes it."},
        "results": {"$ref": "#/components/schemas/Path", "description": "Its records."},
        "urls": {"$ref": "#/components/schemas/Path", "description": "Its ledger of URLs."},
        "events": {"$ref": "#/components/schemas/Path", "description": "Its stream of events."},
        "statistics": {"$ref": "#/components/schemas/Path", "description": "Its numbers."},
        "pause": {"$ref": "#/components/schemas/Path", "description": "POST pauses it."},
        "resume": {"$ref": "#/components/schemas/Path", "description": "POST resumes it."},
        "cancel": {"$ref": "#/components/schemas/Path", "description": "POST cancels it."}}}
  }
},
"Path": {
  "type": "string", "format": "uri-reference", "pattern": "^/v1/crawls/",
  "description": "A path of this service.",
  "examples": ["/v1/crawls/4qzg9pemkda3wkhvvgd395w5ef"]
},
"CrawlId": {
  "type": "string", "pattern": "^[0-9a-hjkmnp-tv-z]{26}$",
  "description": "Names one crawl: 128 random bits, in 26 characters of Crockford's base 32.",
  "examples": ["4qzg9pemkda3wkhvvgd395w5ef"]
},
"CrawlState": {
  "type": "string",
  "enum": ["queued", "running", "pausing", "paused", "completed", "cancelled", "failed"],
  "description": "`queued`: it waits for its turn. `running`. `pausing`: no further fetch starts, some are still in flight. `paused`: none is. The rest are final: `completed`: it has ended by itself. `cancelled`: it was ended. `failed`: an error of the service has ended it."
},
"Counts": {
  "type": "object",
  "description": "At every moment discovered = queued + inFlight + fetched + failed + skipped.",
  "required": ["discovered", "queued", "inFlight", "fetched", "failed", "skipped", "duplicates",
               "bytesOnWire", "bytesStored"],
  "additionalProperties": false,
  "properties": {
    "discovered": {
      "type": "integer", "minimum": 0, "description": "Different URLs seen so far, seeds included."},
    "queued": {"type": "integer", "minimum": 0, "description": "URLs that wait for their fetch."},
    "inFlight": {"type": "integer", "minimum": 0, "description": "URLs that are being fetched."},
    "fetched": {
      "type": "integer", "minimum": 0,
      "description": "URLs that were answered for, with whatever HTTP status."},
    "failed": {
      "type": "integer", "minimum": 0, "description": "URLs whose last attempt has failed."},
    "skipped": {
      "type": "integer", "minimum": 0,
      "description": "URLs that were not to be fetched; the ledger has each one's reason."},
    "duplicates": {
      "type": "integer", "minimum": 0,
      "description": "Pages among `fetched` with the content of an earlier one of this crawl."},
    "bytesOnWire": {
      "type": "integer", "minimum": 0,
      "description": "Bytes received from the sites, as they came: heads, robots.txt and sitemaps included, bodies still compressed."},
    "bytesStored": {
      "type": "integer", "minimum": 0,
      "description": "Bytes of records, heads and bodies that were kept, before the store's own compression."}
  }
},
"Cursor": {
  "type": ["string", "null"],
  "description": "To be given as `cursor` to go on with the list; opaque. null: nothing more can come."
}
})json";

}  // namespace orbweaver
