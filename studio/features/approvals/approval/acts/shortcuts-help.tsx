import { useTranslation } from "react-i18next";
import { Checkbox } from "../../../../ui/checkbox.tsx";
import { Dialog } from "../../../../ui/dialog.tsx";
import { Facts } from "../../../../ui/panel.tsx";
import type { Shortcuts } from "./use-shortcuts.ts";

export function ShortcutsHelp({ shortcuts, onClose }: { shortcuts: Shortcuts; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t("approvals.shortcuts.title")} open onClose={onClose}>
      <Facts
        of={[
          [t("approvals.acts.approve.button"), <kbd key="a">a</kbd>],
          [t("approvals.acts.reject.button"), <kbd key="r">r</kbd>],
          [t("approvals.acts.comment.button"), <kbd key="c">c</kbd>],
          [t("approvals.shortcuts.confirm"), <kbd key="enter">Ctrl+Enter</kbd>],
          [t("approvals.shortcuts.cancel"), <kbd key="escape">Esc</kbd>],
          [t("approvals.shortcuts.title"), <kbd key="help">?</kbd>],
        ]}
      />
      <Checkbox checked={shortcuts.on} onChange={shortcuts.turn}>
        {t("approvals.shortcuts.on")}
      </Checkbox>
    </Dialog>
  );
}
