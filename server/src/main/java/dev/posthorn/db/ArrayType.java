package dev.posthorn.db;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.postgresql.core.Oid;

/** The types of PostgreSQL whose arrays are sent in binary form. */
enum ArrayType {
  BIGINT("_int8", Oid.INT8, Oid.INT8_ARRAY),
  INTEGER("_int4", Oid.INT4, Oid.INT4_ARRAY),
  BOOLEAN("_bool", Oid.BOOL, Oid.BOOL_ARRAY),
  TEXT("_text", Oid.TEXT, Oid.TEXT_ARRAY),
  UUID("_uuid", Oid.UUID, Oid.UUID_ARRAY),
  BYTEA("_bytea", Oid.BYTEA, Oid.BYTEA_ARRAY),
  TIMESTAMPTZ("_timestamptz", Oid.TIMESTAMPTZ, Oid.TIMESTAMPTZ_ARRAY);

  private final String arrayName;
  private final int elementOid;
  private final int arrayOid;

  ArrayType(String arrayName, int elementOid, int arrayOid) {
    this.arrayName = arrayName;
    this.elementOid = elementOid;
    this.arrayOid = arrayOid;
  }

  /** The array type's name in {@code pg_type}. */
  String arrayName() {
    return arrayName;
  }

  int elementOid() {
    return elementOid;
  }

  /** All of them, as the driver's setting {@code binaryTransferEnable} names them. */
  static String allForTransfer() {
    return Arrays.stream(values())
        .map(type -> Integer.toString(type.arrayOid))
        .collect(Collectors.joining(","));
  }
}
