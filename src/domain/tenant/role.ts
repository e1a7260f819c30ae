/** Roles of people, and the small shapes that every part of `tenant.yaml` uses (2-contracts §5). */
import { z } from "zod";

export const roleSchema = z.enum([
  "Developer",
  "DevOpsEngineer",
  "Deployer",
  "InfraAdmin",
  "CloudArchitect",
  "ProductOwner",
  "ReleaseManager",
  "SecurityReviewer",
  "StudioApprover",
  "StudioAdmin",
  "Auditor",
]);
export type Role = z.infer<typeof roleSchema>;

export const duration = z.string().regex(/^\d+(s|m|h|d)$/, "expected a duration such as 30s, 10m, 2h or 3d");
export const personId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, "expected a name such as jane.doe");
