/** In whose name a hook acts, and what it hands over. */
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Choices } from "../../../ui/choices.tsx";
import { Select, TextField } from "../../../ui/field.tsx";
import parts from "../parts/parts.module.css";
import { fieldProblem } from "../parts/refusal.ts";
import type { TypedHook } from "./typed-hook.ts";

interface HookFieldsProps {
  typed: TypedHook;
  onChange: (typed: TypedHook) => void;
  error: unknown;
}

const handedOver = ["branches", "tags", "releases", "folder", "moduleId"] as const;
/** Those that show a refusal of their own. */
export const hookFields = ["account", "handOver", "environments", "description"];

export function HookFields({ typed, onChange, error }: HookFieldsProps) {
  const { t } = useTranslation();
  const { data: tenant } = query.useSuspenseQuery("get", "/tenant/parts");
  const accounts = tenant.serviceAccounts.map(({ id }) => id.replace(/^service:/u, ""));
  const set = (changed: Partial<TypedHook>) => onChange({ ...typed, ...changed });
  const field = (name: (typeof handedOver)[number] | "url" | "description") => ({
    label: t(`administration.subscriptions.hookField.${name}`),
    hint: t(`administration.subscriptions.hookHint.${name}`),
    value: typed[name],
    onChange: (value: string) => set({ [name]: value }),
  });
  const own = (name: string) => fieldProblem(error, `handOver.${name}`);
  const isOfPart = [...handedOver, "environments"].some((name) => own(name) !== undefined);
  const known = [...new Set([...accounts, ...(typed.account === "" ? [] : [typed.account])])];
  const environments = [...new Set([...tenant.environments.map(({ id }) => id), ...typed.environments])];
  return (
    <>
      <Select
        label={t("administration.subscriptions.hookField.account")}
        hint={
          fieldProblem(error, "account") ??
          t(`administration.subscriptions.${accounts.length === 0 ? "noAccounts" : "accountHint"}`)
        }
        value={typed.account}
        onChange={(account) => set({ account })}
        options={known.map((id) => ({ id, text: id }))}
      />
      <TextField {...field("url")} error={isOfPart ? undefined : fieldProblem(error, "handOver")} />
      <div className={parts.row}>
        {handedOver.map((name) => (
          <TextField key={name} {...field(name)} error={own(name)} />
        ))}
      </div>
      <Choices
        label={t("administration.subscriptions.hookField.environments")}
        hint={t("administration.subscriptions.hookHint.environments")}
        options={environments.map((id) => ({ id, text: id }))}
        chosen={typed.environments}
        onChange={(chosen) => set({ environments: chosen })}
        error={own("environments") ?? fieldProblem(error, "environments")}
      />
      <TextField {...field("description")} error={fieldProblem(error, "description")} maxLength={200} />
    </>
  );
}
