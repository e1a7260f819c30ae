/** A receiver outside: where it is, and what it waits for. Its secret is shown once. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { operations } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { Choices } from "../../../ui/choices.tsx";
import { Select, TextField } from "../../../ui/field.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { fieldProblem } from "../parts/refusal.ts";
import { useRefresh } from "../parts/use-refresh.ts";
import { ShownSecret } from "./shown-secret.tsx";
import { wordsIn } from "./words-in.ts";

type Wanted = operations["createSubscription"]["requestBody"]["content"]["application/json"];
type State = NonNullable<Wanted["states"]>[number];

const states = [
  "needs-approval",
  "held",
  "rejected",
  "failed",
  "live",
  "rolled-back",
  "published",
] as const satisfies State[];
const formats = ["structured", "binary", "cdevents"] as const;
const fields = ["id", "url", "events", "artifacts", "environments", "modules", "format"];

export function NewSubscription({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { data: tenant } = query.useSuspenseQuery("get", "/tenant/parts");
  const refresh = useRefresh("/subscriptions");
  const make = query.useMutation("post", "/subscriptions", { onSuccess: refresh });
  const [typed, setTyped] = useState({ id: "", url: "", events: "", artifacts: "", modules: "" });
  const [format, setFormat] = useState<(typeof formats)[number]>("structured");
  const [reached, setReached] = useState<State[]>([]);
  const [environments, setEnvironments] = useState<string[]>([]);
  const [allowPrivate, setAllowPrivate] = useState(false);
  const field = (name: keyof typeof typed) => ({
    label: t(`administration.subscriptions.field.${name}`),
    hint: t(`administration.subscriptions.hint.${name}`),
    value: typed[name],
    onChange: (value: string) => setTyped({ ...typed, [name]: value }),
    error: fieldProblem(make.error, name),
  });
  if (make.data !== undefined)
    return (
      <ShownSecret
        title={t("administration.subscriptions.made")}
        secret={make.data.secret}
        onClose={onClose}
      />
    );
  const modules = wordsIn(typed.modules);
  return (
    <ChangeDialog
      title={t("administration.subscriptions.new")}
      intro={t("administration.subscriptions.newIntro")}
      button={t("administration.subscriptions.make")}
      size="wide"
      change={make}
      fields={fields}
      ready={typed.id.trim() !== "" && typed.url.trim() !== ""}
      onClose={onClose}
      onSubmit={() =>
        make.mutate({
          body: {
            id: typed.id.trim(),
            url: typed.url.trim(),
            ...{ format, allowPrivate, states: reached },
            events: wordsIn(typed.events),
            artifacts: wordsIn(typed.artifacts),
            ...(environments.length > 0 && { environments }),
            ...(modules.length > 0 && { modules }),
          },
        })
      }
    >
      <TextField {...field("id")} required maxLength={63} />
      <TextField {...field("url")} type="url" required />
      <TextField {...field("events")} />
      <TextField {...field("artifacts")} />
      <Choices
        label={t("administration.subscriptions.states")}
        options={states.map((id) => ({ id, text: t(`administration.subscriptions.state.${id}`) }))}
        chosen={reached}
        onChange={setReached}
      />
      <Choices
        label={t("administration.subscriptions.environments")}
        hint={t("administration.subscriptions.allOfThem")}
        options={tenant.environments.map(({ id }) => ({ id, text: id }))}
        chosen={environments}
        onChange={setEnvironments}
        error={fieldProblem(make.error, "environments")}
      />
      <TextField {...field("modules")} />
      <Select
        label={t("administration.subscriptions.format")}
        hint={fieldProblem(make.error, "format")}
        value={format}
        onChange={(id) => setFormat(formats.find((one) => one === id) ?? "structured")}
        options={formats.map((id) => ({ id, text: t(`administration.subscriptions.formats.${id}`) }))}
      />
      <Checkbox checked={allowPrivate} onChange={setAllowPrivate}>
        {t("administration.subscriptions.allowPrivate")}
      </Checkbox>
    </ChangeDialog>
  );
}
