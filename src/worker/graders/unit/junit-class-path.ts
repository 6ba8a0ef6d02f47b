/** JUnit 5 with its engine for JUnit 4, where Debian's packages `junit5` and `junit4` put them. */
const JARS = [
  'junit-platform-commons',
  'junit-platform-engine',
  'junit-platform-launcher',
  'junit-jupiter-api',
  'junit-jupiter-engine',
  'junit-jupiter-params',
  'junit-vintage-engine',
  'junit4',
  'hamcrest-core',
  'opentest4j',
  'apiguardian-api',
];

export const JUNIT_CLASS_PATH = JARS.map((name) => `/usr/share/java/${name}.jar`).join(':');
