# Makes starts of Posthorn quick: unpacks its jar into a class path and runs a demo on it once, so that java notes in a cache
# which classes a start needs, loaded and linked. Only a shortcut: where it cannot be made, the jar itself is run.
# Sourced by ./posthorn, after find-jdk.sh, or on its own with JAVA_HOME set. Paths are absolute.

posthorn_flags="-Xmx512m -XX:+ExitOnOutOfMemoryError -XX:+UseCompactObjectHeaders --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"

# Whether folder $2 was made from jar $1 for this JDK. The JDK's description goes there last, when all else is in place.
posthorn_is_quick() {
  [ -f "$2/jdk" ] && [ ! "$1" -nt "$2/jdk" ] && cmp -s -- "$JAVA_HOME/release" "$2/jdk"
}

# From jar $1 into folder $2, which is deleted first. What was interrupted has no JDK's description, so it is not used.
posthorn_make_quick() {
  rm -rf -- "$2"
  mkdir -- "$2" && posthorn_unpack "$1" "$2" || return 1
  posthorn_train "$2" || rm -f -- "$2/posthorn.aot" # the class path alone still helps
  cp -- "$JAVA_HOME/release" "$2/jdk"
}

posthorn_unpack() {
  (
    cd -- "$2" && "$JAVA_HOME/bin/jar" xf "$1" BOOT-INF && mv BOOT-INF/lib lib &&
      "$JAVA_HOME/bin/jar" cf posthorn.jar -C BOOT-INF/classes . && rm -r BOOT-INF
  )
}

# From the start of a demo to its delivery, with no settings of the caller's, in a data folder that is thrown away and that
# the user whom PostgreSQL runs as can enter.
posthorn_train() {
  posthorn_scratch=$(mktemp -d) && chmod 711 "$posthorn_scratch" || return 1
  posthorn_trained=0
  (
    cd -- "$1"
    # shellcheck disable=SC2086
    env -i PATH="$PATH" "$JAVA_HOME/bin/java" -XX:AOTCacheOutput=posthorn.aot -Xlog:disable $posthorn_flags \
      -cp "$1/posthorn.jar:$1/lib/*" dev.posthorn.Main demo --once --port 0 --data "$posthorn_scratch/data"
  ) >"$1/training.log" 2>&1 || posthorn_trained=1
  rm -rf -- "$posthorn_scratch"
  return "$posthorn_trained"
}

# Becomes Posthorn, from folder $2 or else from jar $1. A cache that does not fit is passed over, in silence.
posthorn_run() {
  posthorn_jar_given=$1
  posthorn_quick_given=$2
  shift 2
  # shellcheck disable=SC2086
  if posthorn_is_quick "$posthorn_jar_given" "$posthorn_quick_given"; then
    exec "$JAVA_HOME/bin/java" -XX:AOTCache="$posthorn_quick_given/posthorn.aot" '-Xlog:aot*=off,cds*=off' $posthorn_flags \
      -cp "$posthorn_quick_given/posthorn.jar:$posthorn_quick_given/lib/*" dev.posthorn.Main "$@"
  fi
  exec "$JAVA_HOME/bin/java" $posthorn_flags -jar "$posthorn_jar_given" "$@"
}
