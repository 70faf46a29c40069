-- What the office and its funder ask of the pieces that were printed against a rule of EU funding: which rule,
-- which piece, why, at which event, when, and whether it was taken back. Who decided it stays in the table.

CREATE FUNCTION office_api.funding_overrules(b uuid, most integer)
RETURNS TABLE (
    rule text, item text, template text, size text, language text, measured text, reason text,
    event_name text, captured_at bigint, is_voided boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT o.rule, o.item, o.template, o.size, o.language, o.measured, o.reason,
        coalesce(e.name, ''), o.captured_at, o.is_voided
    FROM hub.funding_overrule o
    LEFT JOIN hub.event e ON e.branch_id = b AND e.subject_id = o.event_id
    WHERE o.branch_id = b
    ORDER BY o.captured_at DESC, o.subject_id DESC
    LIMIT least(greatest($2, 0), 10000);
END
$body$;

REVOKE ALL ON FUNCTION office_api.funding_overrules(uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION office_api.funding_overrules(uuid, integer) TO hub_office;
