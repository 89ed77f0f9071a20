import { words } from "../format";
import { initial, type Rule, type Value, type Webhook } from "../crawl_form";
import type { Field } from "../types";
import { RuleRows } from "./rule_rows";

const hints: Partial<Record<Field["type"], string>> = {
  texts: "One on each line",
  textMap: "Name: value, one on each line",
};

const placeholders: Record<string, string> = {
  urls: "https://example.com/",
  includePaths: "^/docs/",
  excludePaths: "/print/",
  headers: "Accept-Language: en",
  cookies: "session: 1234",
  labels: "team: search",
  proxy: "socks5://127.0.0.1:1080",
  contentTypes: "text/html\napplication/pdf",
};

const number = (n: number): string => n.toLocaleString("en");

function about(field: Field): string {
  const parts: string[] = [];
  const hint = hints[field.type];
  if (hint) parts.push(hint);
  if (field.type === "wholeNumber" || field.type === "number")
    parts.push(`${number(field.minimum)} to ${number(field.maximum)} ${field.unit}`.trim());
  if (field.type !== "boolean" && field.type !== "word" && field.default)
    parts.push(`default: ${field.default}`);
  return parts.join(" · ");
}

interface Props {
  field: Field;
  value: Value | undefined;
  mistakes: string[];
  onChange: (value: Value) => void;
}

export function FieldInput({ field, value, mistakes, onChange }: Props) {
  const id = `field-${field.name}`;
  const notes = about(field);
  const described = `${id}-help${mistakes.length ? ` ${id}-wrong` : ""}`;
  const grouped = ["words", "credentials", "rules", "webhook"].includes(field.type);
  const control = (
    <Control
      id={id}
      field={field}
      value={value ?? initial(field)}
      described={described}
      invalid={mistakes.length > 0}
      onChange={onChange}
    />
  );
  const label = words(field.name);
  const explained = (
    <>
      <p class="help" id={`${id}-help`}>
        {field.help}
        {notes && <span class="muted"> {notes}.</span>}
      </p>
      {mistakes.length > 0 && (
        <p class="mistake" id={`${id}-wrong`}>
          {mistakes.join("; ")}
        </p>
      )}
    </>
  );
  if (grouped)
    return (
      <fieldset class="field" aria-describedby={described}>
        <legend>{label}</legend>
        {control}
        {explained}
      </fieldset>
    );
  return (
    <div class={`field ${field.type === "boolean" ? "check" : ""}`}>
      <label for={id}>{label}</label>
      {control}
      {explained}
    </div>
  );
}

interface ControlProps {
  id: string;
  field: Field;
  value: Value;
  described: string;
  invalid: boolean;
  onChange: (value: Value) => void;
}

function Control({ id, field, value, described, invalid, onChange }: ControlProps) {
  const common = { id, "aria-describedby": described, "aria-invalid": invalid };
  const typed = (event: { currentTarget: { value: string } }): void =>
    onChange(event.currentTarget.value);
  switch (field.type) {
    case "boolean":
      return (
        <input
          {...common}
          type="checkbox"
          checked={value as boolean}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "word":
      return (
        <select {...common} value={value as string} onChange={typed}>
          {field.words.map((word) => (
            <option key={word} value={word}>
              {word}
              {word === field.default ? " (default)" : ""}
            </option>
          ))}
        </select>
      );
    case "words":
      return <WordBoxes field={field} value={value as string[]} onChange={onChange} />;
    case "texts":
    case "textMap":
      return (
        <textarea
          {...common}
          rows={2}
          spellcheck={false}
          placeholder={placeholders[field.name] ?? ""}
          value={value as string}
          onInput={typed}
        />
      );
    case "wholeNumber":
    case "number":
      return (
        <input
          {...common}
          type="number"
          min={field.minimum}
          max={field.maximum}
          step={field.type === "number" ? "any" : 1}
          placeholder={field.default}
          value={value as string}
          onInput={typed}
        />
      );
    case "credentials":
      return <Credentials value={value as Login} onChange={onChange} />;
    case "webhook":
      return <WebhookInputs value={value as Webhook} onChange={onChange} />;
    case "rules":
      return <RuleRows rules={value as Rule[]} onChange={onChange} />;
    case "text":
      return (
        <input
          {...common}
          type="text"
          autocomplete="off"
          spellcheck={false}
          placeholder={placeholders[field.name] ?? ""}
          value={value as string}
          onInput={typed}
        />
      );
  }
}

function WordBoxes(props: { field: Field; value: string[]; onChange: (value: Value) => void }) {
  const { field, value, onChange } = props;
  return (
    <div class="boxes">
      {field.words.map((word) => (
        <label key={word}>
          <input
            type="checkbox"
            checked={value.includes(word)}
            onChange={(event) => {
              const on = event.currentTarget.checked;
              onChange(field.words.filter((w) => (w === word ? on : value.includes(w))));
            }}
          />
          {word}
        </label>
      ))}
    </div>
  );
}

interface Login {
  username: string;
  password: string;
}

function Part(props: {
  type: "text" | "url" | "password";
  label: string;
  placeholder?: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const { type, label, placeholder, value, onChange } = props;
  return (
    <input
      type={type}
      aria-label={label}
      placeholder={placeholder ?? label}
      autocomplete="off"
      value={value}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function Credentials(props: { value: Login; onChange: (value: Value) => void }) {
  const { value, onChange } = props;
  return (
    <div class="row">
      <Part
        type="text"
        label="User name"
        value={value.username}
        onChange={(username) => onChange({ ...value, username })}
      />
      <Part
        type="password"
        label="Password"
        value={value.password}
        onChange={(password) => onChange({ ...value, password })}
      />
    </div>
  );
}

function WebhookInputs(props: { value: Webhook; onChange: (value: Value) => void }) {
  const { value, onChange } = props;
  return (
    <div class="row">
      <Part
        type="url"
        label="Address"
        placeholder="https://example.com/hook"
        value={value.url}
        onChange={(url) => onChange({ ...value, url })}
      />
      <Part
        type="password"
        label="Secret"
        value={value.secret}
        onChange={(secret) => onChange({ ...value, secret })}
      />
    </div>
  );
}
