/** The files that differ; the text of one when it is opened. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../../ui/button.tsx";
import { filesOfPatch } from "../../../../ui/code/diff-files.ts";
import { UnifiedDiff } from "../../../../ui/code/unified-diff.tsx";
import { Icon } from "../../../../ui/icon.tsx";
import page from "../approval.module.css";
import type { ReleaseChanges } from "../use-approval.ts";
import styles from "./changes.module.css";

type CodeChange = NonNullable<ReleaseChanges["code"]>;

/** As many as one reads at a glance. */
const firstFiles = 15;

export function Code({ code }: { code: ReleaseChanges["code"] }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  if (code === null) return <p>{t("approvals.changes.none.code")}</p>;
  const { files, insertions, deletions, truncated } = code;
  const shown = all ? files : files.slice(0, firstFiles);
  return (
    <div className={page.list}>
      <p>
        {t("approvals.changes.files", { count: files.length })} <Amount of={{ insertions, deletions }} />
        {truncated && ` ${t("approvals.changes.truncated")}`}
      </p>
      <ul className={styles.files}>
        {shown.map((file) => (
          <li key={file.path}>
            <File file={file} />
          </li>
        ))}
      </ul>
      {shown.length < files.length && (
        <Button size="small" onPress={() => setAll(true)}>
          {t("approvals.changes.allFiles", { count: files.length })}
        </Button>
      )}
    </div>
  );
}

function File({ file }: { file: CodeChange["files"][number] }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { path, status, insertions, deletions, patch } = file;
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <Icon name="chevron-right" />
        <span className={styles.path}>{path}</span>
        <span className={page.muted}>{t(`approvals.changes.status.${status}`)}</span>
        <Amount of={{ insertions, deletions }} />
      </summary>
      {open && <Text patch={patch} />}
    </details>
  );
}

function Text({ patch }: { patch: string | undefined }) {
  const { t } = useTranslation();
  const [file] = patch === undefined ? [] : filesOfPatch(patch);
  return file === undefined ? <p>{t("approvals.changes.noText")}</p> : <UnifiedDiff file={file} />;
}

function Amount({ of: { insertions, deletions } }: { of: { insertions: number; deletions: number } }) {
  return (
    <span className={styles.amount}>
      <ins>+{insertions}</ins> <del>−{deletions}</del>
    </span>
  );
}
