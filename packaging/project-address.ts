/** Where the project is: runbooks, documents and issues are below. */
export const projectAddress = 'https://github.com/lvs-exporter/lvs-exporter';
