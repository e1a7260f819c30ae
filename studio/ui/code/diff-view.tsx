/**
 * A difference between texts, or a patch: file by file, below each other or side by side as the reader likes it.
 * `UnifiedDiff` and `SplitDiff` show one file; `DiffView` all of them with the choice.
 */
import { useMemo, useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Icon } from "../icon.tsx";
import { useNarrow } from "../use-narrow.ts";
import styles from "./code.module.css";
import { type DiffFile, filesOfPatch, filesOfTexts } from "./diff-files.ts";
import { SplitDiff } from "./split-diff.tsx";
import { UnifiedDiff } from "./unified-diff.tsx";

/** A unified patch of any number of files, as git writes it; or a text before and afterwards. */
type DiffViewProps = { patch: string } | { name: string; before: string; after: string };

export function DiffView(props: DiffViewProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<"unified" | "split">("unified");
  const narrow = useNarrow();
  const [patch, name, before, after] =
    "patch" in props ? [props.patch] : [undefined, props.name, props.before, props.after];
  const files = useMemo(
    () => (patch === undefined ? filesOfTexts(name ?? "", before ?? "", after ?? "") : filesOfPatch(patch)),
    [patch, name, before, after],
  );
  const split = chosen === "split" && !narrow;
  if (files.length === 0) return <p>{t("ui.same")}</p>;
  return (
    <div className={styles.diffs}>
      <div className={styles.toolbar}>
        <span>{t("ui.filesChanged", { count: files.length })}</span>
        {!narrow && (
          <ToggleButtonGroup
            aria-label={t("ui.diffMode")}
            selectedKeys={[chosen]}
            disallowEmptySelection
            onSelectionChange={(keys) => setChosen(keys.has("split") ? "split" : "unified")}
            className={styles.modes ?? ""}
          >
            <ToggleButton id="unified">{t("ui.unified")}</ToggleButton>
            <ToggleButton id="split">{t("ui.split")}</ToggleButton>
          </ToggleButtonGroup>
        )}
      </div>
      {files.map((file, place) => (
        <DiffOfFile key={`${place} ${file.name}`} file={file} split={split} open={files.length <= 20} />
      ))}
    </div>
  );
}

function DiffOfFile({ file, split, open }: { file: DiffFile; split: boolean; open: boolean }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(open);
  return (
    <details
      className={styles.diff}
      open={shown}
      onToggle={({ currentTarget }) => setShown(currentTarget.open)}
    >
      <summary>
        <Icon name={shown ? "chevron-down" : "chevron-right"} />
        <code>{file.from === undefined ? file.name : `${file.from} → ${file.name}`}</code>
        <span className={styles.counts}>
          {file.change !== "changed" && <em>{t(`ui.change.${file.change}`)}</em>}
          <ins>+{file.added}</ins> <del>−{file.removed}</del>
        </span>
      </summary>
      {shown && (split ? <SplitDiff file={file} /> : <UnifiedDiff file={file} />)}
    </details>
  );
}
