/** A value that people compare or take along: short to the eye, whole to the clipboard and on hover. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";
import styles from "./copyable.module.css";
import { Icon } from "./icon.tsx";

const shownMs = 2_000;

export function Copyable({ value, name }: { value: string; name: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <span className={styles.value}>
      <code title={value}>{short(value)}</code>
      <Button
        tone="quiet"
        size="small"
        label={t("ui.copyOf", { name })}
        onPress={() => void navigator.clipboard.writeText(value).then(() => setCopied(true))}
      >
        <Icon name={copied ? "check" : "copy"} />
      </Button>
      <span className="hidden-visually" role="status">
        {copied ? t("ui.copied") : ""}
      </span>
    </span>
  );
}

/** As much of a digest as people compare. */
function short(value: string): string {
  const [algorithm, rest] = value.includes(":") ? value.split(":", 2) : ["", value];
  if (rest === undefined || !/^[0-9a-f]{40,}$/.test(rest)) return value;
  return `${algorithm === "" ? "" : `${algorithm}:`}${rest.slice(0, 12)}…`;
}
