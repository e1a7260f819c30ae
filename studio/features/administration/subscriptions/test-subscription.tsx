import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { Select } from "../../../ui/field.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import type { Subscription } from "./typed-subscription.ts";

/** No type of event is called so. */
const plain = "test";

interface TestSubscriptionProps {
  subscription: Subscription;
  onClose: () => void;
}

/** With any type that it selects: what happened last, or a sample. */
export function TestSubscription({ subscription: { id, selects }, onClose }: TestSubscriptionProps) {
  const { t } = useTranslation();
  const [event, setEvent] = useState(plain);
  const test = query.useMutation("post", "/subscriptions/{subscription}/test");
  const types = selects.toSorted().map((name) => ({ id: name, text: name }));
  return (
    <ChangeDialog
      title={t("administration.subscriptions.testNamed", { id })}
      intro={t("administration.subscriptions.testIntro")}
      button={t("administration.notifications.testNow")}
      change={test}
      onClose={onClose}
      onSubmit={() =>
        test.mutate({ params: { path: { subscription: id } }, body: event === plain ? {} : { event } })
      }
      done={test.data && <Outcome {...test.data} />}
    >
      <Select
        label={t("administration.subscriptions.testEvent")}
        hint={t("administration.subscriptions.testEventHint")}
        value={event}
        onChange={setEvent}
        options={[{ id: plain, text: t("administration.subscriptions.testPlain") }, ...types]}
      />
    </ChangeDialog>
  );
}

function Outcome({ what, receipt }: components["schemas"]["SubscriptionTest"]) {
  const { t } = useTranslation();
  const isSent = receipt.status === "sent";
  return (
    <Notice
      tone={isSent ? "good" : "bad"}
      title={t(`administration.notifications.${isSent ? "arrived" : "failed"}`)}
      live
    >
      <p>{isSent ? receipt.answer : receipt.problem}</p>
      <p>{t(`administration.subscriptions.tested.${what}`)}</p>
    </Notice>
  );
}
