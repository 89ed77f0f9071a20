// A crawler of undici and htmlparser2, as one would write it; it keeps nothing.
//
// usage: main.mjs URL CONNECTIONS
//
// undici's documentation: Pool has "a pool of Client instances connected to the same upstream
// target", `connections` of them, and `stream` is "a faster version of Dispatcher.request". The
// parser of htmlparser2, "the fast & forgiving HTML parser", takes the pieces as they come; no tree
// is built.
import { Pool } from 'undici';
import { Parser } from 'htmlparser2';
import { Writable } from 'node:stream';

const start = new URL(process.argv[2]);
const connections = Number(process.argv[3]);
const pool = new Pool(start.origin, { connections });
const attributes = { a: 'href', area: 'href', frame: 'src', iframe: 'src' };
const seen = new Set();
const waiting = [];

function found(link, base) {
  let url;
  try {
    url = new URL(link, base);
  } catch {
    return; // no URL
  }
  if (url.origin !== start.origin) return;
  const path = url.pathname + url.search;
  if (seen.has(path)) return;
  seen.add(path);
  waiting.push(path);
}

function page(url) {
  let base = url;
  let based = false;
  const parser = new Parser({
    onopentag(name, values) {
      if (name === 'base' && values.href !== undefined && !based) {
        based = true;
        base = new URL(values.href, url);
      } else if (attributes[name] !== undefined && values[attributes[name]] !== undefined) {
        found(values[attributes[name]], base);
      }
    },
  });
  const decoder = new TextDecoder();
  return new Writable({
    write(chunk, _, done) {
      parser.write(decoder.decode(chunk, { stream: true }));
      done();
    },
    final(done) {
      parser.end();
      done();
    },
  });
}

const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });

async function fetch(path) {
  const url = new URL(path, start);
  await pool.stream({ path, method: 'GET' }, ({ statusCode, headers }) => {
    if (statusCode >= 300 && statusCode < 400 && headers.location) found(headers.location, url);
    const html = statusCode === 200 && headers['content-type']?.startsWith('text/html');
    return html ? page(url) : nowhere();
  });
}

found(start.href, start);
await new Promise((resolve, reject) => {
  let open = 0;
  const fill = () => {
    while (waiting.length > 0 && open < connections) {
      open++;
      fetch(waiting.shift()).then(() => {
        open--;
        fill();
      }, reject);
    }
    if (open === 0) resolve();
  };
  fill();
});
await pool.close();
