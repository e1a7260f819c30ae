/** Puts a text on the clipboard and says so; where the browser lets nobody, the text is there to be marked. */
import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";
import { CopyIcon, CopyState } from "./copy-state.tsx";
import { useCopied } from "./use-copied.ts";

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useTranslation();
  const { copy, ...copied } = useCopied();
  return (
    <>
      <Button size="small" onPress={() => void copy(text)} {...(label !== undefined && { label })}>
        <CopyIcon {...copied} />
        {t(copied.state === "copied" ? "ui.copied" : "ui.copy")}
      </Button>
      <CopyState {...copied} />
    </>
  );
}
