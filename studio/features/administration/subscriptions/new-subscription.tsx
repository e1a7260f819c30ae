/** A receiver outside: where it is, and what it waits for. Its secret is shown once. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { TextField } from "../../../ui/field.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { fieldProblem } from "../parts/refusal.ts";
import { useRefresh } from "../parts/use-refresh.ts";
import { ShownSecret } from "./shown-secret.tsx";
import { SubscriptionFields, subscriptionFields } from "./subscription-fields.tsx";
import { nothingTyped, saidSubscription } from "./typed-subscription.ts";

export function NewSubscription({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const refresh = useRefresh("/subscriptions");
  const make = query.useMutation("post", "/subscriptions", { onSuccess: refresh });
  const [id, setId] = useState("");
  const [typed, setTyped] = useState(nothingTyped);
  if (make.data !== undefined)
    return (
      <ShownSecret
        title={t("administration.subscriptions.made")}
        secret={make.data.secret}
        onClose={onClose}
      />
    );
  return (
    <ChangeDialog
      title={t("administration.subscriptions.new")}
      intro={t("administration.subscriptions.newIntro")}
      button={t("administration.subscriptions.make")}
      size="wide"
      change={make}
      fields={["id", ...subscriptionFields]}
      ready={id.trim() !== "" && typed.url.trim() !== ""}
      onClose={onClose}
      onSubmit={() => make.mutate({ body: { id: id.trim(), ...saidSubscription(typed) } })}
    >
      <TextField
        label={t("administration.subscriptions.field.id")}
        hint={t("administration.subscriptions.hint.id")}
        value={id}
        onChange={setId}
        error={fieldProblem(make.error, "id")}
        required
        maxLength={63}
      />
      <SubscriptionFields typed={typed} onChange={setTyped} error={make.error} />
    </ChangeDialog>
  );
}
