import { useEffect, useState } from "preact/hooks";
import { apiKey } from "../api";
import { Dialog } from "./dialog";

export function KeyDialog() {
  const [open, setOpen] = useState(false);
  const [refused, setRefused] = useState(false);
  const [set, setSet] = useState(apiKey.get() !== "");
  useEffect(() => {
    const ask = (): void => {
      setRefused(apiKey.get() !== "");
      setOpen(true);
    };
    addEventListener("orbweaver:unauthorized", ask);
    return () => removeEventListener("orbweaver:unauthorized", ask);
  }, []);
  const take = (key: string): void => {
    apiKey.set(key.trim());
    setSet(key.trim() !== "");
    setRefused(false);
    setOpen(false);
  };
  return (
    <>
      <button type="button" class="quiet" onClick={() => setOpen(true)}>
        {set ? "API key set" : "API key"}
      </button>
      {open && (
        <Dialog title="API key" onClose={() => setOpen(false)}>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              take(new FormData(event.currentTarget).get("key") as string);
            }}
          >
            {refused && <p class="problem">The service does not accept this key.</p>}
            <p>
              A service that has keys asks for one; <code>orbweaver key create</code> makes them.
              This page forgets it with its tab.
            </p>
            <label class="field">
              <span>Key</span>
              <input name="key" type="password" autocomplete="off" defaultValue={apiKey.get()} />
            </label>
            <div class="row end">
              {set && (
                <button type="button" class="quiet" onClick={() => take("")}>
                  Forget it
                </button>
              )}
              <button type="submit">Use this key</button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
