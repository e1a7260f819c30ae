/** What a receiver outside is told, where, and in which form. */
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { Choices } from "../../../ui/choices.tsx";
import { Select, TextField } from "../../../ui/field.tsx";
import parts from "../parts/parts.module.css";
import { fieldProblem } from "../parts/refusal.ts";
import { formats, states, type TypedSubscription } from "./typed-subscription.ts";

interface SubscriptionFieldsProps {
  typed: TypedSubscription;
  onChange: (typed: TypedSubscription) => void;
  error: unknown;
}

/** Those that show a refusal of their own. */
export const subscriptionFields = [
  ...["url", "description", "events", "artifacts", "environments", "modules", "format", "attempts"],
];

export function SubscriptionFields({ typed, onChange, error }: SubscriptionFieldsProps) {
  const { t } = useTranslation();
  const { data: tenant } = query.useSuspenseQuery("get", "/tenant/parts");
  const set = (changed: Partial<TypedSubscription>) => onChange({ ...typed, ...changed });
  const field = (name: "url" | "description" | "events" | "artifacts" | "modules" | "attempts") => ({
    label: t(`administration.subscriptions.field.${name}`),
    hint: t(`administration.subscriptions.hint.${name}`),
    value: typed[name],
    onChange: (value: string) => set({ [name]: value }),
    error: fieldProblem(error, name),
  });
  // What is declared no more can still be taken back.
  const environments = [...new Set([...tenant.environments.map(({ id }) => id), ...typed.environments])];
  return (
    <>
      <TextField {...field("url")} type="url" required />
      <div className={parts.row}>
        <TextField {...field("events")} />
        <TextField {...field("artifacts")} />
      </div>
      <Choices
        label={t("administration.subscriptions.field.states")}
        options={states.map((id) => ({ id, text: t(`administration.subscriptions.state.${id}`) }))}
        chosen={typed.states}
        onChange={(reached) => set({ states: reached })}
      />
      <div className={parts.row}>
        <Choices
          label={t("administration.subscriptions.field.environments")}
          hint={t("administration.subscriptions.hint.environments")}
          options={environments.map((id) => ({ id, text: id }))}
          chosen={typed.environments}
          onChange={(chosen) => set({ environments: chosen })}
          error={fieldProblem(error, "environments")}
        />
        <TextField {...field("modules")} />
      </div>
      <div className={parts.row}>
        <Select
          label={t("administration.subscriptions.field.format")}
          hint={fieldProblem(error, "format")}
          value={typed.format}
          onChange={(id) => set({ format: formats.find((one) => one === id) ?? "structured" })}
          options={formats.map((id) => ({ id, text: t(`administration.subscriptions.formats.${id}`) }))}
        />
        <TextField {...field("attempts")} type="number" />
      </div>
      {typed.format === "cdevents" && (
        <Checkbox checked={typed.drafts} onChange={(drafts) => set({ drafts })}>
          {t("administration.subscriptions.field.drafts")}
        </Checkbox>
      )}
      <Checkbox checked={typed.allowPrivate} onChange={(allowPrivate) => set({ allowPrivate })}>
        {t("administration.subscriptions.field.allowPrivate")}
      </Checkbox>
      <TextField {...field("description")} maxLength={200} />
    </>
  );
}
