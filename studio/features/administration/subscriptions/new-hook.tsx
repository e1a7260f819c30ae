/** An address that a forge or another program calls: who calls, in whose name it acts, and what it hands over. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Select, TextField } from "../../../ui/field.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { fieldProblem } from "../parts/refusal.ts";
import { useRefresh } from "../parts/use-refresh.ts";
import { HookFields, hookFields } from "./hook-fields.tsx";
import { ShownSecret } from "./shown-secret.tsx";
import { type HookKind, hookKinds, nothingTyped, saidHook } from "./typed-hook.ts";

export function NewHook({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { data: tenant } = query.useSuspenseQuery("get", "/tenant/parts");
  const refresh = useRefresh("/hooks");
  const make = query.useMutation("post", "/hooks", { onSuccess: refresh });
  const [id, setId] = useState("");
  const [kind, setKind] = useState<HookKind>("github");
  const [typed, setTyped] = useState({
    ...nothingTyped,
    account: tenant.serviceAccounts[0]?.id.replace(/^service:/u, "") ?? "",
  });
  if (make.data !== undefined)
    return (
      <ShownSecret
        title={t("administration.subscriptions.hookMade")}
        secret={make.data.secret}
        facts={[[t("administration.subscriptions.address"), location.origin + make.data.hook.path]]}
        onClose={onClose}
      />
    );
  return (
    <ChangeDialog
      title={t("administration.subscriptions.newHook")}
      intro={t("administration.subscriptions.newHookIntro")}
      button={t("administration.subscriptions.make")}
      change={make}
      fields={["id", ...hookFields]}
      ready={id.trim() !== "" && typed.account !== ""}
      onClose={onClose}
      onSubmit={() => make.mutate({ body: { id: id.trim(), ...saidHook(kind, typed) } })}
    >
      <TextField
        label={t("administration.subscriptions.hookField.id")}
        hint={t("administration.subscriptions.hookHint.id")}
        value={id}
        onChange={setId}
        error={fieldProblem(make.error, "id")}
        required
        maxLength={63}
      />
      <Select
        label={t("administration.subscriptions.caller")}
        value={kind}
        onChange={(chosen) => setKind(hookKinds.find((one) => one === chosen) ?? "github")}
        options={hookKinds.map((one) => ({ id: one, text: t(`administration.subscriptions.kind.${one}`) }))}
      />
      <HookFields typed={typed} onChange={setTyped} error={make.error} />
    </ChangeDialog>
  );
}
