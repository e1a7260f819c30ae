/** A token for oneself, or for whom one manages: what it is good for, where, and until when. It is shown once. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components, operations } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { useSession } from "../../../app/session/session-gate.tsx";
import { Choices } from "../../../ui/choices.tsx";
import { Select, TextField } from "../../../ui/field.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { fieldProblem } from "../parts/refusal.ts";
import { useRefresh } from "../parts/use-refresh.ts";
import { ShownOnce } from "./shown-once.tsx";

type Wanted = operations["createToken"]["requestBody"]["content"]["application/json"];
type Scope = NonNullable<Wanted["scope"]>[number];

const presets = ["read", "deliver", "decide", "admin"] as const satisfies Scope[];
const lives = ["1d", "7d", "30d", "90d", "366d"] as const;

export function NewToken({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { data: tenant } = query.useSuspenseQuery("get", "/tenant/parts");
  const { person: me } = useSession();
  const refresh = useRefresh("/tokens");
  const make = query.useMutation("post", "/tokens", { onSuccess: refresh });
  const [wanted, setWanted] = useState({ person: me, label: "", expires: "90d" });
  const [scope, setScope] = useState<Scope[]>(["read"]);
  const [environments, setEnvironments] = useState<string[]>([]);
  const change = (next: Partial<typeof wanted>) => setWanted({ ...wanted, ...next });
  if (make.data !== undefined) return <ShownOnce issued={make.data} onClose={onClose} />;
  const fields = ["person", "label", "expires", "scope", "environments"];
  return (
    <ChangeDialog
      title={t("administration.tokens.new")}
      intro={t("administration.tokens.newIntro")}
      button={t("administration.tokens.make")}
      change={make}
      fields={fields}
      ready={wanted.label.trim() !== ""}
      onClose={onClose}
      onSubmit={() =>
        make.mutate({
          body: {
            ...wanted,
            ...(scope.length > 0 && { scope }),
            ...(environments.length > 0 && { environments }),
          },
        })
      }
    >
      <Select
        label={t("administration.tokens.of")}
        hint={fieldProblem(make.error, "person") ?? t("administration.tokens.ofHint")}
        value={wanted.person}
        onChange={(person) => change({ person })}
        options={holdersOf(tenant, me)}
      />
      <TextField
        label={t("administration.tokens.label")}
        hint={t("administration.tokens.labelHint")}
        value={wanted.label}
        onChange={(label) => change({ label })}
        error={fieldProblem(make.error, "label")}
        maxLength={200}
        required
      />
      <Choices
        label={t("administration.tokens.goodFor")}
        hint={t("administration.tokens.scopeHint")}
        options={presets.map((id) => ({ id, text: t(`administration.tokens.scope.${id}`) }))}
        chosen={scope}
        onChange={setScope}
        error={fieldProblem(make.error, "scope")}
      />
      <Choices
        label={t("administration.tokens.where")}
        hint={t("administration.tokens.whereHint")}
        options={tenant.environments.map(({ id }) => ({ id, text: id }))}
        chosen={environments}
        onChange={setEnvironments}
        error={fieldProblem(make.error, "environments")}
      />
      <Select
        label={t("administration.tokens.life")}
        hint={fieldProblem(make.error, "expires")}
        value={wanted.expires}
        onChange={(expires) => change({ expires })}
        options={lives.map((id) => ({ id, text: t(`administration.tokens.lives.${id}`) }))}
      />
    </ChangeDialog>
  );
}

function holdersOf({ people, serviceAccounts }: components["schemas"]["TenantParts"], me: string) {
  const ids = [me, ...people.map(({ id }) => id), ...serviceAccounts.map(({ id }) => id)];
  return [...new Set(ids)].map((id) => ({ id, text: id }));
}
