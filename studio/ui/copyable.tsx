/** A value that people compare or take along: short to the eye, whole to the clipboard and on hover. */
import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";
import { CopyIcon, CopyState } from "./copy-state.tsx";
import styles from "./copyable.module.css";
import { useCopied } from "./use-copied.ts";

export function Copyable({ value, name }: { value: string; name: string }) {
  const { t } = useTranslation();
  const { copy, ...copied } = useCopied();
  return (
    <span className={styles.value}>
      {/* Where nothing can be copied for them, people mark it: then it is there in full. */}
      <code title={value}>{copied.state === "denied" ? value : short(value)}</code>
      <Button tone="quiet" size="small" label={t("ui.copyOf", { name })} onPress={() => void copy(value)}>
        <CopyIcon {...copied} />
      </Button>
      <CopyState {...copied} />
    </span>
  );
}

/** As much of a digest as people compare. */
function short(value: string): string {
  const [algorithm, rest] = value.includes(":") ? value.split(":", 2) : ["", value];
  if (rest === undefined || !/^[0-9a-f]{40,}$/.test(rest)) return value;
  return `${algorithm === "" ? "" : `${algorithm}:`}${rest.slice(0, 12)}…`;
}
