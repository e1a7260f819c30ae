/** Asks for the reason of an act and states it; who may not is told so by the server, and nothing typed is lost. */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../../../app/api/api.ts";
import { type Problem, problemOf } from "../../../../app/api/problem.ts";
import { Button } from "../../../../ui/button.tsx";
import { Dialog, DialogActions } from "../../../../ui/dialog.tsx";
import { TextField } from "../../../../ui/field.tsx";
import { Notice } from "../../../../ui/notice.tsx";
import type { DeliveryAct } from "../shapes.ts";
import { useSubject } from "../use-delivery.ts";
import styles from "./head.module.css";

export interface Act {
  event: DeliveryAct["act"];
  /** Of the flow, where it stands. */
  state: string;
  environment: string | undefined;
}

export function StateEvent({ act, onClose }: { act: Act; onClose: () => void }) {
  const { t } = useTranslation();
  const path = useSubject();
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<Problem>();
  const [sending, setSending] = useState(false);
  const [isStated, setStated] = useState(false);
  const send = async () => {
    setSending(true);
    setProblem(undefined);
    try {
      const { error } = await sent(path, act, reason.trim());
      if (error !== undefined) throw error;
      setStated(true);
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setSending(false);
    }
  };
  const title = t(`deliveries.act.${act.event}`);
  if (isStated) return <Stated title={title} onClose={onClose} />;
  return (
    <Dialog title={title} open onClose={onClose}>
      <p>{t(`deliveries.actText.${act.event}`)}</p>
      {problem !== undefined && (
        <Notice tone="bad" title={problem.detail} live>
          {problem.next}
        </Notice>
      )}
      <TextField
        label={t("deliveries.reason")}
        hint={t("deliveries.reasonHint")}
        lines={3}
        maxLength={2_000}
        value={reason}
        onChange={setReason}
      />
      <DialogActions>
        <Button onPress={onClose}>{t("ui.cancel")}</Button>
        <Button tone="primary" disabled={sending} onPress={() => void send()}>
          {title}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** The button that was pressed is gone: the focus goes on to what came of it. */
function Stated({ title, onClose }: { title: string; onClose: () => void }) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    <Dialog title={title} open onClose={onClose}>
      <div ref={place} tabIndex={-1} className={styles.stated}>
        <Notice tone="good" title={t("deliveries.stated")} live>
          <p>{t("deliveries.statedText")}</p>
        </Notice>
      </div>
      <DialogActions>
        <Button tone="primary" onPress={onClose}>
          {t("ui.close")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

type Path = ReturnType<typeof useSubject>;

/** A retry starts the step that failed last; where it stands after a failure of its own says itself which. */
function sent(path: Path, { event, environment }: Act, reason: string) {
  const said = reason === "" ? {} : { reason };
  if (event === "retry")
    return api.POST("/deliveries/{tenantId}/{traceId}/{moduleId}/retry", { params: { path }, body: said });
  const place = environment === undefined ? {} : { environment };
  return api.POST("/deliveries/{tenantId}/{traceId}/{moduleId}/events", {
    params: { path },
    body: { name: event, ...place, ...said },
  });
}
