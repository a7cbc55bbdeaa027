# Sets JAVA_HOME to a JDK 25 or newer, or says what to install and exits with 1.
# Sourced by ./mvnw and ./posthorn, so that an older default `java` does not matter.
# Looks at JAVA_HOME, then at `javac` on the PATH, then where systems usually put JDKs.

posthorn_jdk_version() { # the feature version of the JDK in folder $1, 0 when there is none
  if [ -x "$1/bin/javac" ] && [ -x "$1/bin/java" ]; then
    if [ -r "$1/release" ]; then
      sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
    else
      "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'
    fi
  fi
}

posthorn_find_jdk() {
  posthorn_on_path=$(command -v javac 2>/dev/null || :)
  if [ -n "$posthorn_on_path" ]; then
    posthorn_on_path=$(readlink -f "$posthorn_on_path" 2>/dev/null || echo "$posthorn_on_path")
    posthorn_on_path=${posthorn_on_path%/bin/javac}
  fi
  for posthorn_home in "${JAVA_HOME:-/nonexistent}" "${posthorn_on_path:-/nonexistent}" \
    /usr/lib/jvm/* /opt/java/* /opt/jdk* /usr/java/* /usr/local/openjdk-* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*; do
    posthorn_version=$(posthorn_jdk_version "$posthorn_home")
    if [ "${posthorn_version:-0}" -ge 25 ]; then
      JAVA_HOME=$posthorn_home
      export JAVA_HOME
      return 0
    fi
  done
  echo "Posthorn needs a JDK 25 or newer, and none was found in JAVA_HOME, on the PATH or in the usual folders." >&2
  echo "Install one (for example 'apt-get install temurin-25-jdk', 'sdk install java 25-tem', or a download from https://adoptium.net)" >&2
  echo "and, when it is in an unusual place, set JAVA_HOME to its folder." >&2
  exit 1
}

posthorn_find_jdk
