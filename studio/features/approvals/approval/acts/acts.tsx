/** What this person may do about the release, and what they may not with the server's reason; on a phone the votes stay in reach. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ActionButton, Button } from "../../../../ui/button.tsx";
import { Icon } from "../../../../ui/icon.tsx";
import { Notice } from "../../../../ui/notice.tsx";
import { Panel } from "../../../../ui/panel.tsx";
import type { ActProps } from "./act.ts";
import { type Act, keyOf, otherActs, votes } from "./act-names.ts";
import styles from "./acts.module.css";
import { CveDialog } from "./cve-dialog.tsx";
import { DelayDialog } from "./delay-dialog.tsx";
import { FreezeDialog } from "./freeze-dialog.tsx";
import { ReasonDialog } from "./reason-dialog.tsx";
import { ShortcutsHelp } from "./shortcuts-help.tsx";
import { useShortcuts } from "./use-shortcuts.ts";
import { VoteDialog } from "./vote-dialog.tsx";

const icons = { approve: "check", reject: "ban" } as const;

export function Acts({ onDone, ...props }: Omit<ActProps, "onClose">) {
  const { t } = useTranslation();
  const { view } = props;
  const [open, setOpen] = useState<Act | "help">();
  const [closed, setClosed] = useState<string>();
  const begin = (act: Act) => {
    const { allowed, why } = view.actions[act];
    setClosed(allowed ? undefined : (why ?? t("ui.notAllowed")));
    if (allowed) setOpen(act);
  };
  const isNeedless = (act: Act) => view.actions[act].needless === true;
  const buttons = (acts: Act[]) =>
    acts.map((act) => (
      <ActionButton key={act} size="small" {...view.actions[act]} onPress={() => begin(act)}>
        {t(`approvals.acts.${act}.button`)}
      </ActionButton>
    ));
  const shortcuts = useShortcuts((key) => {
    if (open !== undefined) return;
    if (key === "?") return setOpen("help");
    const act = ([...votes, ...otherActs] as Act[]).find((one) => keyOf[one] === key);
    if (act !== undefined) begin(act);
  });
  const close = () => setOpen(undefined);
  const dialog = {
    ...props,
    onClose: close,
    // The page says what came of it, and not what was there before.
    onDone: async (note: string) => {
      await props.readAgain();
      close();
      onDone(note);
    },
  };
  return (
    <Panel
      title={t("approvals.acts.panel")}
      aside={
        <Button tone="quiet" size="small" onPress={() => setOpen("help")}>
          {t("approvals.shortcuts.button")} <kbd>?</kbd>
        </Button>
      }
    >
      {closed !== undefined && (
        <Notice tone="warn" title={t("ui.whyClosed")} live>
          <p>{closed}</p>
        </Notice>
      )}
      <div className={styles.votes} data-waits={view.pending !== null}>
        {votes.map((act) => (
          <ActionButton
            key={act}
            {...view.actions[act]}
            tone={act === "approve" ? "primary" : "danger"}
            onPress={() => begin(act)}
          >
            <Icon name={icons[act]} />
            {t(`approvals.acts.${act}.button`)}
          </ActionButton>
        ))}
      </div>
      <div className={styles.others}>{buttons(otherActs.filter((act) => !isNeedless(act)))}</div>
      {otherActs.some(isNeedless) && (
        <details className={styles.needless}>
          <summary>{t("approvals.acts.needless")}</summary>
          <div className={styles.others}>{buttons(otherActs.filter(isNeedless))}</div>
        </details>
      )}
      {open === "help" && <ShortcutsHelp shortcuts={shortcuts} onClose={close} />}
      {open !== undefined && open !== "help" && <DialogOf act={open} {...dialog} />}
    </Panel>
  );
}

function DialogOf({ act, ...props }: ActProps & { act: Act }) {
  switch (act) {
    case "approve":
    case "reject":
    case "requestChanges":
      return <VoteDialog verb={act} {...props} />;
    case "comment":
    case "escalate":
    case "hotfix":
      return <ReasonDialog verb={act} {...props} />;
    case "delay":
      return <DelayDialog {...props} />;
    case "overrideFreeze":
    case "confirmFreezeOverride":
      return <FreezeDialog confirm={act === "confirmFreezeOverride"} {...props} />;
    case "overrideCve":
      return <CveDialog {...props} />;
  }
}
