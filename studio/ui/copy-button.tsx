/** Puts a text on the clipboard and says so; where the browser lets nobody, the text is there to be marked. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard
      .writeText(text)
      .then(() => setCopied(true))
      .catch(() => setCopied(false));
  return (
    <>
      <Button size="small" onPress={() => void copy()} {...(label !== undefined && { label })}>
        <Icon name={copied ? "check" : "copy"} />
        {t(copied ? "ui.copied" : "ui.copy")}
      </Button>
      <span className="hidden-visually" role="status">
        {copied && t("ui.copied")}
      </span>
    </>
  );
}
