/** Puts a text on the clipboard, and says for a moment how that went: a browser may let nobody. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

const shownMs = 2_000;
/** How long a sentence is there to be read. */
const refusedMs = 8_000;

export interface Copied {
  state: "ready" | "copied" | "denied";
  /** For whoever does not see the button change; empty where nothing happened. */
  said: string;
  copy: (text: string) => Promise<void>;
}

export function useCopied(): Copied {
  const { t } = useTranslation();
  const [state, setState] = useState<Copied["state"]>("ready");
  useEffect(() => {
    if (state === "ready") return;
    const timer = setTimeout(() => setState("ready"), state === "copied" ? shownMs : refusedMs);
    return () => clearTimeout(timer);
  }, [state]);
  return {
    state,
    said: state === "ready" ? "" : t(state === "copied" ? "ui.copied" : "ui.copyDenied"),
    copy: async (text) => setState((await isWritten(text)) ? "copied" : "denied"),
  };
}

/** Without TLS there is no clipboard at all; with it, the person may have said no. */
async function isWritten(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
