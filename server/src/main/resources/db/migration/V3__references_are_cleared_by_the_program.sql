-- ON DELETE SET NULL cannot be kept where tables are distributed by account, a column of the key: the program clears the
-- references to a record before it deletes it, and the keys only make sure of that.

ALTER TABLE contact
  DROP CONSTRAINT contact_account_id_company_id_fkey,
  ADD FOREIGN KEY (account_id, company_id) REFERENCES company;

ALTER TABLE opportunity
  DROP CONSTRAINT opportunity_account_id_company_id_fkey,
  ADD FOREIGN KEY (account_id, company_id) REFERENCES company,
  DROP CONSTRAINT opportunity_account_id_contact_id_fkey,
  ADD FOREIGN KEY (account_id, contact_id) REFERENCES contact;
