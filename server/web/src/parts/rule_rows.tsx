import type { Rule } from "../crawl_form";

const fresh: Rule = { name: "", regex: "", group: "", all: false, on: "body" };

// The rules of `extract`, a row each.
export function RuleRows(props: { rules: Rule[]; onChange: (rules: Rule[]) => void }) {
  const { rules, onChange } = props;
  const set = (at: number, change: Partial<Rule>): void =>
    onChange(rules.map((rule, i) => (i === at ? { ...rule, ...change } : rule)));
  return (
    <div class="rules">
      {rules.map((rule, at) => (
        <div class="rule" key={at} role="group" aria-label={`Rule ${at + 1}`}>
          <input
            type="text"
            aria-label="Name"
            placeholder="price"
            value={rule.name}
            onInput={(event) => set(at, { name: event.currentTarget.value })}
          />
          <input
            type="text"
            class="wide mono"
            aria-label="RE2 pattern"
            placeholder={"€ ([0-9.]+)"}
            spellcheck={false}
            value={rule.regex}
            onInput={(event) => set(at, { regex: event.currentTarget.value })}
          />
          <input
            type="number"
            aria-label="Group"
            placeholder="group"
            min={0}
            value={rule.group}
            onInput={(event) => set(at, { group: event.currentTarget.value })}
          />
          <select
            aria-label="Look in"
            value={rule.on}
            onChange={(event) => set(at, { on: event.currentTarget.value as Rule["on"] })}
          >
            <option value="body">in the body</option>
            <option value="text">in the text</option>
          </select>
          <label>
            <input
              type="checkbox"
              checked={rule.all}
              onChange={(event) => set(at, { all: event.currentTarget.checked })}
            />
            all
          </label>
          <button
            type="button"
            class="quiet icon"
            aria-label={`Remove rule ${at + 1}`}
            onClick={() => onChange(rules.filter((_, i) => i !== at))}
          >
            ×
          </button>
        </div>
      ))}
      <button type="button" class="quiet" onClick={() => onChange([...rules, fresh])}>
        Add a rule
      </button>
    </div>
  );
}
