/** An address that a forge or another program calls: who calls, in whose name it acts, and what it hands over. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Select, TextField } from "../../../ui/field.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { fieldProblem } from "../parts/refusal.ts";
import { useRefresh } from "../parts/use-refresh.ts";
import { ShownSecret } from "./shown-secret.tsx";
import { wordsIn } from "./words-in.ts";

const kinds = ["github", "gitlab", "azure-devops", "standard"] as const;
const fields = ["id", "account", "handOver"];

export function NewHook({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { data: tenant } = query.useSuspenseQuery("get", "/tenant/parts");
  const accounts = tenant.serviceAccounts.map(({ id }) => id.replace(/^service:/u, ""));
  const refresh = useRefresh("/hooks");
  const make = query.useMutation("post", "/hooks", { onSuccess: refresh });
  const [kind, setKind] = useState<(typeof kinds)[number]>("github");
  const [account, setAccount] = useState(accounts[0] ?? "");
  const [typed, setTyped] = useState({ id: "", url: "", branches: "main" });
  const field = (name: "id" | "branches" | "url") => ({
    label: t(`administration.subscriptions.hookField.${name}`),
    hint: t(`administration.subscriptions.hookHint.${name}`),
    value: typed[name],
    onChange: (value: string) => setTyped({ ...typed, [name]: value }),
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
  const url = typed.url.trim();
  return (
    <ChangeDialog
      title={t("administration.subscriptions.newHook")}
      intro={t("administration.subscriptions.newHookIntro")}
      button={t("administration.subscriptions.make")}
      change={make}
      fields={fields}
      ready={typed.id.trim() !== "" && account !== ""}
      onClose={onClose}
      onSubmit={() =>
        make.mutate({
          body: {
            ...{ id: typed.id.trim(), kind, account },
            ...(url !== "" && { handOver: { url, branches: wordsIn(typed.branches) } }),
          },
        })
      }
    >
      <TextField {...field("id")} error={fieldProblem(make.error, "id")} required maxLength={63} />
      <Select
        label={t("administration.subscriptions.caller")}
        value={kind}
        onChange={(id) => setKind(kinds.find((one) => one === id) ?? "github")}
        options={kinds.map((id) => ({ id, text: t(`administration.subscriptions.kind.${id}`) }))}
      />
      <Select
        label={t("administration.subscriptions.account")}
        hint={
          fieldProblem(make.error, "account") ??
          t(`administration.subscriptions.${accounts.length === 0 ? "noAccounts" : "accountHint"}`)
        }
        value={account}
        onChange={setAccount}
        options={accounts.map((id) => ({ id, text: id }))}
      />
      <TextField {...field("url")} error={fieldProblem(make.error, "handOver")} />
      <TextField {...field("branches")} />
    </ChangeDialog>
  );
}
