import { count, percent } from "../format";
import type { ComponentChildren } from "preact";

export interface Bar {
  key: string;
  label: ComponentChildren;
  value: number;
  className?: string;
  title?: string;
  href?: () => void; // what a click on the label does
}

// Amounts side by side, each with its share.
export function BarList({ bars, caption }: { bars: Bar[]; caption: string }) {
  const total = bars.reduce((sum, bar) => sum + bar.value, 0);
  const most = Math.max(...bars.map((bar) => bar.value), 1);
  if (bars.length === 0) return <p class="muted">Nothing yet.</p>;
  return (
    <table class="bars">
      <caption class="hidden">{caption}</caption>
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.key} title={bar.title}>
            <th scope="row">
              {bar.href ? (
                <button type="button" class="link" onClick={bar.href}>
                  {bar.label}
                </button>
              ) : (
                bar.label
              )}
            </th>
            <td class="track">
              <div
                class={`fill ${bar.className ?? ""}`}
                style={{ width: `${Math.max((bar.value / most) * 100, 0.5)}%` }}
              />
            </td>
            <td class="number">{count(bar.value)}</td>
            <td class="number muted share">{percent(bar.value / Math.max(total, 1))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export interface Column {
  label: string; // beneath the column
  title: string; // in full
  value: number;
}

// A histogram.
export function Columns(props: { columns: Column[]; caption: string; className?: string }) {
  const most = Math.max(...props.columns.map((column) => column.value), 1);
  return (
    <ol class={`columns ${props.className ?? ""}`} aria-label={props.caption}>
      {props.columns.map((column) => (
        <li key={column.title} title={`${column.title}: ${count(column.value)}`}>
          <span class="hidden">{`${column.title}: ${count(column.value)}`}</span>
          <span class="well" aria-hidden="true">
            <span
              class="column"
              style={{ height: `${column.value ? Math.max((column.value / most) * 100, 2) : 0}%` }}
            />
          </span>
          <span class="tick" aria-hidden="true">
            {column.label}
          </span>
        </li>
      ))}
    </ol>
  );
}
