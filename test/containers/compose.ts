import { readYaml } from './yaml-file.ts';

export interface Service {
  readonly image: string;
  readonly network_mode?: string;
  readonly pid?: string;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
}

export async function readServices(path: string): Promise<Record<string, Service>> {
  const { services } = await readYaml<{ services: Record<string, Service> }>(path);
  return services;
}

export interface BindMount {
  readonly source: string;
  readonly target: string;
  readonly options: string | undefined;
}

/** What a service has of this repository. */
export function bindMounts({ volumes = [] }: Service): BindMount[] {
  return volumes
    .map((volume) => volume.split(':'))
    .filter(([source]) => source?.startsWith('./'))
    .map(([source = '', target = '', options]) => ({ source, target, options }));
}

/** The value of `--name=value` in the command of a service. */
export function flagOf({ command = [] }: Service, name: string): string | undefined {
  return command.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
}
