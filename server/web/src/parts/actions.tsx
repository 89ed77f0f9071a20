import { useState } from "preact/hooks";
import { api } from "../api";
import { go, to } from "../router";
import type { Action, Status } from "../types";
import { Confirm } from "./dialog";
import { Problem } from "./text";

const labels: Record<Action, string> = {
  pause: "Pause",
  resume: "Resume",
  cancel: "Cancel",
  delete: "Delete",
};

const questions: Partial<Record<Action, { title: string; text: string; action: string }>> = {
  cancel: {
    title: "Cancel this crawl?",
    text: "What is queued will not be fetched. The records stay.",
    action: "Cancel the crawl",
  },
  delete: {
    title: "Delete this crawl?",
    text: "Its records and its ledger go with it. This cannot be undone.",
    action: "Delete everything",
  },
};

export function Actions({ crawl, take }: { crawl: Status; take: (status: Status) => void }) {
  const [asked, setAsked] = useState<Action | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (action: Action): Promise<void> => {
    setAsked(null);
    setBusy(true);
    setError(null);
    try {
      if (action === "delete") {
        await api.remove(crawl.id);
        go(to.list);
      } else {
        take(await api.change(crawl.id, action));
      }
    } catch (why) {
      setError(why);
    }
    setBusy(false);
  };
  const question = asked ? questions[asked] : undefined;
  return (
    <>
      {crawl.availableActions.map((action) => (
        <button
          key={action}
          type="button"
          class={action === "delete" ? "quiet bad" : "quiet"}
          disabled={busy}
          onClick={() => (questions[action] ? setAsked(action) : void run(action))}
        >
          {labels[action]}
        </button>
      ))}
      {asked && question && (
        <Confirm {...question} onYes={() => void run(asked)} onNo={() => setAsked(null)} />
      )}
      <Problem error={error} />
    </>
  );
}
