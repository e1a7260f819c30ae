import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { TextField } from "../../../ui/field.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { fieldProblem } from "../parts/refusal.ts";

export function TestSubscription({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [event, setEvent] = useState("");
  const test = query.useMutation("post", "/subscriptions/{subscription}/test");
  const receipt = test.data?.receipt;
  return (
    <ChangeDialog
      title={t("administration.subscriptions.testNamed", { id })}
      intro={t("administration.subscriptions.testIntro")}
      button={t("administration.notifications.testNow")}
      change={test}
      fields={["event"]}
      onClose={onClose}
      onSubmit={() =>
        test.mutate({
          params: { path: { subscription: id } },
          body: event.trim() === "" ? {} : { event: event.trim() },
        })
      }
      done={
        receipt && (
          <Notice
            tone={receipt.status === "sent" ? "good" : "bad"}
            title={t(`administration.notifications.${receipt.status === "sent" ? "arrived" : "failed"}`)}
            live
          >
            <p>{receipt.status === "sent" ? receipt.answer : receipt.problem}</p>
          </Notice>
        )
      }
    >
      <TextField
        label={t("administration.subscriptions.testEvent")}
        hint={t("administration.subscriptions.testEventHint")}
        value={event}
        onChange={setEvent}
        error={fieldProblem(test.error, "event")}
      />
    </ChangeDialog>
  );
}
