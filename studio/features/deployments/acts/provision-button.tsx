import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { ActionButton } from "../../../ui/button.tsx";
import { Provision } from "./provision.tsx";

interface ProvisionButtonProps {
  environment: string;
  possibility: components["schemas"]["Possibility"] | undefined;
}

export function ProvisionButton({ environment, possibility }: ProvisionButtonProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <ActionButton
        size="small"
        tone="quiet"
        label={t("deployments.acts.provision.of", { environment })}
        allowed={possibility?.allowed ?? false}
        why={whyOf(possibility)}
        onPress={() => setOpen(true)}
      >
        {t("deployments.acts.provision.short")}
      </ActionButton>
      {open && <Provision environment={environment} onClose={() => setOpen(false)} />}
    </>
  );
}

export function whyOf(possibility: components["schemas"]["Possibility"] | undefined): string | undefined {
  const words = [possibility?.why, possibility?.next].filter((word) => word !== undefined);
  return words.length === 0 ? undefined : words.join(" ");
}
