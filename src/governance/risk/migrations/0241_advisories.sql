-- What advisories say of a CVE, apart from EPSS and KEV: each feed is replaced by itself.
alter table governance.risk_exploit add column advisory_cvss double precision;
alter table governance.risk_exploit add column advisory_vector text;
alter table governance.risk_exploit add column advisory_exploited_at timestamptz;
