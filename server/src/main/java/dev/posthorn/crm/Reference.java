package dev.posthorn.crm;

/**
 * A field that names something else of the same account.
 *
 * @param name under which that is shown, such as {@code company}
 * @param field holds its id, such as {@code company_id}
 */
record Reference(String name, RecordField<Long> field, Referable to) {
  static Reference of(String name, Referable to) {
    return new Reference(name, new RecordField<>(name + "_id", new FieldTypes.Id()), to);
  }
}
