/** A yes or no, with what it means. */
import type { ReactNode } from "react";
import { Checkbox as Box } from "react-aria-components";
import styles from "./checkbox.module.css";
import { Icon } from "./icon.tsx";

interface CheckboxProps {
  children: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function Checkbox({ children, checked, onChange }: CheckboxProps) {
  return (
    <Box className={styles.checkbox ?? ""} isSelected={checked} onChange={onChange}>
      <span className={styles.box}>{checked && <Icon name="check" />}</span>
      <span>{children}</span>
    </Box>
  );
}
