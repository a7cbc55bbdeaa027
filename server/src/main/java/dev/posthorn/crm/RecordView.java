package dev.posthorn.crm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.event.RecordPayload;
import dev.posthorn.http.Json;

/** A record as it is shown: with what it refers to, and what follows from its fields. */
record RecordView(StoredRecord record, References references) {
  ObjectNode json(RecordPayload payload) {
    RecordType type = record.type();
    RecordValues values = record.values();
    ObjectNode json = Json.object().put("id", record.key().id());
    type.fields().forEach(field -> json.set(field.name(), field.json(values)));
    type.references()
        .forEach(
            one -> json.set(one.name(), references.shown(one, record.key().accountId(), values)));
    type.computed().forEach(one -> json.set(one.name(), one.value().apply(values)));
    json.put("created_at", Json.time(record.createdAt()));
    json.put("updated_at", Json.time(record.updatedAt()));
    json.put("url", payload.url(type.kind(), record.key().id()));
    return json;
  }
}
