/** A question before an act, the server's answer to it, and where one sees what comes of it. */
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Refused } from "../../../app/layout/refused.tsx";
import { Button } from "../../../ui/button.tsx";
import { Dialog, DialogActions } from "../../../ui/dialog.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { DeliveryLink } from "../delivery-link.tsx";
import type { Subject } from "./act.ts";
import styles from "./acts.module.css";

interface ActDialogProps {
  title: string;
  /** What it does, in a sentence or two. */
  intro: ReactNode;
  button: string;
  tone?: "primary" | "danger";
  mutation: { isPending: boolean; error: unknown };
  ready?: boolean;
  wide?: boolean;
  onSubmit: () => void;
  onClose: () => void;
  /** Once it is done: what happens next. */
  next?: { sentence: ReactNode; subject?: Subject } | undefined;
  children?: ReactNode;
}

export function ActDialog({ title, wide = false, next, onClose, ...question }: ActDialogProps) {
  return (
    <Dialog title={title} open onClose={onClose} size={wide ? "wide" : "normal"}>
      {next === undefined ? (
        <Question {...question} onClose={onClose} />
      ) : (
        <Answer next={next} onClose={onClose} />
      )}
    </Dialog>
  );
}

type QuestionProps = Omit<ActDialogProps, "title" | "next" | "wide">;

function Question({
  intro,
  button,
  tone = "primary",
  mutation,
  ready = true,
  onSubmit,
  onClose,
  children,
}: QuestionProps) {
  const { t } = useTranslation();
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !mutation.isPending) onSubmit();
      }}
    >
      <div className={styles.intro}>{intro}</div>
      {children}
      <Refused error={mutation.error} />
      <DialogActions>
        <Button onPress={onClose}>{t("ui.cancel")}</Button>
        <Button type="submit" tone={tone} disabled={!ready || mutation.isPending}>
          {mutation.isPending ? t("deployments.sending") : button}
        </Button>
      </DialogActions>
    </form>
  );
}

/** The focus was on a button that is gone: it goes on to the answer, and nobody is thrown back to the page's begin. */
function Answer({ next, onClose }: { next: NonNullable<ActDialogProps["next"]>; onClose: () => void }) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    <div className={styles.form} ref={place} tabIndex={-1}>
      <Notice tone="good" title={t("deployments.asked")} live>
        <div>{next.sentence}</div>
      </Notice>
      <DialogActions>
        <Button onPress={onClose}>{t("ui.close")}</Button>
        {next.subject !== undefined && (
          <DeliveryLink subject={next.subject}>{t("deployments.seeLive")}</DeliveryLink>
        )}
      </DialogActions>
    </div>
  );
}
