import { useEffect, useMemo, useState } from "preact/hooks";
import { api, apiKey, ApiError } from "../api";
import { curlOf, fieldOf, groups, initial, requestOf } from "../crawl_form";
import type { FormState, Group, Value } from "../crawl_form";
import { CopyButton } from "../parts/copy_button";
import { FieldInput } from "../parts/field_input";
import { Problem } from "../parts/text";
import { useAbout } from "../parts/use_about";
import { go, to } from "../router";
import type { Field } from "../types";

type Mistakes = Record<string, string[]>;

function mistakesOf(error: unknown): Mistakes {
  const out: Mistakes = {};
  if (!(error instanceof ApiError)) return out;
  for (const { pointer, detail } of error.problem.errors ?? []) {
    const within = pointer.split("/").slice(2).join("/");
    (out[fieldOf(pointer)] ??= []).push(within ? `${within}: ${detail}` : detail);
  }
  return out;
}

// Each field in its group; what no group names goes into the last one.
function arranged(fields: Field[]): { group: Group; fields: Field[] }[] {
  const named = new Set([...groups.flatMap((group) => group.fields), "urls"]);
  const rest = fields.filter((field) => !named.has(field.name));
  return groups.map((group, at) => ({
    group,
    fields:
      at === groups.length - 1
        ? rest
        : group.fields.flatMap((name) => fields.find((field) => field.name === name) ?? []),
  }));
}

const changed = (fields: Field[], state: FormState): number =>
  fields.filter((field) => {
    const value = state[field.name];
    return value !== undefined && JSON.stringify(value) !== JSON.stringify(initial(field));
  }).length;

export function NewPage({ url }: { url: string }) {
  const { about, error: noAbout } = useAbout();
  const [state, setState] = useState<FormState>({ urls: url });
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = "New crawl · Orbweaver";
  }, []);

  const fields = about?.requestFields ?? [];
  const body = useMemo(() => requestOf(fields, state), [about, state]);
  const mistakes = mistakesOf(error);
  const set = (name: string, value: Value): void => setState((old) => ({ ...old, [name]: value }));

  const start = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      go(to.crawl((await api.create(body)).id));
    } catch (why) {
      setError(why);
      setBusy(false);
      const first = Object.keys(mistakesOf(why))[0];
      // After the mistakes are shown, and their groups open.
      setTimeout(() => document.getElementById(`field-${first}`)?.focus());
    }
  };

  if (!about) return noAbout ? <Problem error={noAbout} /> : <p class="muted">Loading…</p>;
  const seeds = fields.find((field) => field.name === "urls");
  return (
    <form class="two-columns" onSubmit={start} noValidate>
      <div>
        <h1>New crawl</h1>
        {seeds && (
          <div class="card">
            <FieldInput
              field={seeds}
              value={state["urls"]}
              mistakes={mistakes["urls"] ?? []}
              onChange={(value) => set("urls", value)}
            />
          </div>
        )}
        {arranged(fields).map(({ group, fields: own }) => {
          const wrong = own.some((field) => mistakes[field.name]);
          const n = changed(own, state);
          return (
            <details class="card group" key={group.title} open={wrong || undefined}>
              <summary>
                <span class="group-title">{group.title}</span>
                <span class="muted">{group.note}</span>
                {n > 0 && <span class="badge">{n} changed</span>}
              </summary>
              <div class="fields">
                {own.map((field) => (
                  <FieldInput
                    key={field.name}
                    field={field}
                    value={state[field.name]}
                    mistakes={mistakes[field.name] ?? []}
                    onChange={(value) => set(field.name, value)}
                  />
                ))}
              </div>
            </details>
          );
        })}
      </div>
      <aside class="sticky" aria-label="Start">
        <div class="card">
          <Problem error={error} />
          <button type="submit" class="large full" disabled={busy}>
            Start the crawl
          </button>
          <div class="section-head">
            <h2>The same call</h2>
            <CopyButton text={curlOf(location.origin, body, apiKey.get() !== "")} />
          </div>
          <pre class="code" id="curl" tabIndex={0} aria-label="The same call with curl">
            {curlOf(location.origin, body, apiKey.get() !== "")}
          </pre>
        </div>
      </aside>
    </form>
  );
}
