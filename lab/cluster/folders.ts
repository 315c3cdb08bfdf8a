/** Where init.sh mounts the repository, read-only. */
export const repository = '/mnt/repository';

/** Where init.sh mounts the run's folder on the host: the bundled programs, what is recorded, logs. */
export const output = '/mnt/output';

export const logFolder = `${output}/logs`;
export const recordingFolder = `${output}/recording`;
/** The recordings that the demo replays. */
export const demoFolder = `${output}/demo`;
/** The next docs/story.md. */
export const storyFile = `${output}/story.md`;
