-- What came on a stick. The office's program has checked the file's signature; here a fact is taken as if the
-- laptop had pushed it, so that its rights, its quota and its proofs are the same whichever way it came.

CREATE OR REPLACE FUNCTION office_api.stick_device(b uuid, d uuid)
RETURNS TABLE (name text, is_revoked boolean, public_key bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT v.name, v.revoked, v.public_key FROM hub.device v
    WHERE v.branch_id = b AND v.device_id = d AND v.kind = 'laptop';
END
$body$;

-- As api.enrolled, for a laptop that was never online: the secret of its enrolment file is used up by this.
-- Answers known, vouched, other, used, expired or forged.
CREATE OR REPLACE FUNCTION office_api.vouch_for_stick(b uuid, d uuid, public_key bytea, mac bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    device record;
    enrolment record;
BEGIN
    IF octet_length($3) IS DISTINCT FROM 32 OR octet_length($4) NOT IN (0, 32) OR $4 IS NULL THEN
        PERFORM hub.refuse('enrolment_shape');
    END IF;
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT v.public_key AS kept, v.kind INTO device
    FROM hub.device v WHERE v.branch_id = b AND v.device_id = d FOR UPDATE;
    IF device.kind IS DISTINCT FROM 'laptop' THEN
        RETURN 'other';
    END IF;
    IF device.kept IS NOT NULL THEN
        RETURN CASE WHEN device.kept = $3 THEN 'known' ELSE 'other' END;
    END IF;
    SELECT e.secret, e.valid_until INTO enrolment
    FROM hub.enrolment e WHERE e.branch_id = b AND e.device_id = d FOR UPDATE;
    IF enrolment.secret IS NULL THEN
        RETURN 'used';
    END IF;
    IF hub.hmac_sha256(enrolment.secret, convert_to('stojnica device key', 'UTF8') || '\x00'::bytea || $3)
        <> $4
    THEN
        RETURN 'forged';
    END IF;
    IF enrolment.valid_until < hub.now_us() THEN
        RETURN 'expired';
    END IF;
    UPDATE hub.device v SET public_key = $3, enrolled_at = hub.now_us()
    WHERE v.branch_id = b AND v.device_id = d;
    UPDATE hub.enrolment e SET secret = NULL, used_at = hub.now_us()
    WHERE e.branch_id = b AND e.device_id = d;
    RETURN 'vouched';
END
$body$;

-- What a laptop says in its hello, as far as a file can say it: how much it has to deliver.
CREATE OR REPLACE FUNCTION office_api.announce_stick(
    b uuid, d uuid, incarnations uuid[], heads bigint[], head_hashes bytea[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    n integer := cardinality(incarnations);
BEGIN
    IF n IS NULL OR n > 1000 OR n IS DISTINCT FROM cardinality(heads)
        OR n IS DISTINCT FROM cardinality(head_hashes) OR array_position(incarnations, NULL) IS NOT NULL
        OR n <> (SELECT count(DISTINCT x) FROM unnest(incarnations) AS u(x))
        OR EXISTS (SELECT FROM unnest(heads) AS u(x) WHERE x IS NULL OR x < 0)
        OR EXISTS (SELECT FROM unnest(head_hashes) AS u(x) WHERE octet_length(x) > 32)
        OR n + (SELECT count(*) FROM hub.life l WHERE l.branch_id = b AND l.device_id = d
            AND l.incarnation <> ALL (incarnations)) > 10000
    THEN
        PERFORM hub.refuse('hello_shape');
    END IF;
    INSERT INTO hub.life AS l (branch_id, device_id, incarnation, announced, announced_hash, at)
    SELECT b, d, i.incarnation, i.head, coalesce(i.hash, ''::bytea), hub.now_us()
    FROM ROWS FROM (unnest(incarnations), unnest(heads), unnest(head_hashes)) AS i(incarnation, head, hash)
    ORDER BY i.incarnation
    ON CONFLICT (branch_id, device_id, incarnation) DO UPDATE SET
        announced = greatest(l.announced, excluded.announced),
        announced_hash = CASE WHEN excluded.announced >= l.announced
            THEN excluded.announced_hash ELSE l.announced_hash END,
        at = excluded.at;
END
$body$;

CREATE OR REPLACE FUNCTION office_api.import_batch(
    b uuid, d uuid,
    fact_ids uuid[], hashes bytea[], bodies bytea[], kinds text[], subjects uuid[],
    events uuid[], incarnations uuid[], seqs bigint[], captured bigint[]
) RETURNS TABLE (answers text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT FROM hub.device v
        WHERE v.branch_id = b AND v.device_id = d AND v.kind = 'laptop')
    THEN
        PERFORM hub.refuse('stick_device');
    END IF;
    answers := hub.take(b, d, 'stick',
        fact_ids, hashes, bodies, kinds, subjects, events, incarnations, seqs, captured);
    RETURN NEXT;
END
$body$;

-- Read back after all was committed: which of these facts are held as delivered by this laptop (or erased
-- since), and which of them a checked backup holds; what was erased needs none.
CREATE OR REPLACE FUNCTION office_api.stick_held(b uuid, d uuid, fact_ids uuid[], hashes bytea[])
RETURNS TABLE (are_held boolean[], are_covered boolean[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
DECLARE
    n integer := cardinality(fact_ids);
BEGIN
    IF n IS NULL OR n > 5000 OR n IS DISTINCT FROM cardinality(hashes) THEN
        PERFORM hub.refuse('stick_shape');
    END IF;
    RETURN QUERY
    SELECT coalesce(array_agg(v.fact_id IS NOT NULL AND (f.fact_id IS NOT NULL OR t.fact_id IS NOT NULL)
            ORDER BY i.place), '{}'),
        coalesce(array_agg(k.fact_id IS NOT NULL OR (f.fact_id IS NULL AND t.fact_id IS NOT NULL)
            ORDER BY i.place), '{}')
    FROM ROWS FROM (unnest(fact_ids), unnest(hashes)) WITH ORDINALITY AS i(fact_id, hash, place)
    LEFT JOIN hub.delivery v ON v.branch_id = b AND v.device_id = d
        AND v.fact_id = i.fact_id AND v.content_hash = i.hash
    LEFT JOIN hub.fact f ON f.branch_id = b AND f.fact_id = i.fact_id AND f.content_hash = i.hash
    LEFT JOIN hub.tombstone t ON t.branch_id = b AND t.fact_id = i.fact_id
    LEFT JOIN hub.covered k ON k.branch_id = b AND k.fact_id = i.fact_id AND k.content_hash = i.hash;
END
$body$;

-- What api.prove compares with: a digest for each bucket over all that is held of this laptop.
CREATE OR REPLACE FUNCTION office_api.stick_digests(b uuid, d uuid)
RETURNS TABLE (bucket integer, amount bigint, digest bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT v.bucket::integer, count(*),
        sha256(string_agg(v.content_hash, ''::bytea ORDER BY v.content_hash))
    FROM hub.delivery v
    LEFT JOIN hub.fact f
        ON f.branch_id = b AND f.fact_id = v.fact_id AND f.content_hash = v.content_hash
    WHERE v.branch_id = b AND v.device_id = d
        AND (f.fact_id IS NOT NULL
            OR EXISTS (SELECT FROM hub.tombstone t WHERE t.branch_id = b AND t.fact_id = v.fact_id))
    GROUP BY v.bucket;
END
$body$;

-- Keep that all which the laptop held when it wrote the file is here, as api.prove keeps it.
CREATE OR REPLACE FUNCTION office_api.stick_receipt(b uuid, d uuid, facts bigint, contacts bigint, code text, extra bigint)
RETURNS TABLE (receipt_id uuid, proven_at bigint, covered bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $body$
#variable_conflict use_column
BEGIN
    IF facts IS NULL OR facts < 0 OR contacts IS NULL OR contacts < 0 OR extra IS NULL
        OR octet_length(code) IS DISTINCT FROM 4
    THEN
        PERFORM hub.refuse('prove_shape');
    END IF;
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT v.covered_facts INTO covered FROM hub.device v WHERE v.branch_id = b AND v.device_id = d;
    receipt_id := gen_random_uuid();
    proven_at := hub.now_us();
    INSERT INTO hub.receipt (branch_id, device_id, receipt_id, facts, contacts, code, extra, covered, at)
    VALUES (b, d, receipt_id, $3, $4, $5, $6, covered, proven_at);
    DELETE FROM hub.receipt r
    WHERE r.branch_id = b AND r.device_id = d AND r.at < (
        SELECT x.at FROM hub.receipt x WHERE x.branch_id = b AND x.device_id = d
        ORDER BY x.at DESC OFFSET 999 LIMIT 1);
    RETURN NEXT;
END
$body$;

REVOKE ALL ON FUNCTION office_api.stick_device(uuid, uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION office_api.vouch_for_stick(uuid, uuid, bytea, bytea) FROM PUBLIC;
REVOKE ALL ON FUNCTION office_api.announce_stick(uuid, uuid, uuid[], bigint[], bytea[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION office_api.import_batch(uuid, uuid, uuid[], bytea[], bytea[], text[], uuid[], uuid[],
    uuid[], bigint[], bigint[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION office_api.stick_held(uuid, uuid, uuid[], bytea[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION office_api.stick_digests(uuid, uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION office_api.stick_receipt(uuid, uuid, bigint, bigint, text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION office_api.stick_device(uuid, uuid) TO hub_office;
GRANT EXECUTE ON FUNCTION office_api.vouch_for_stick(uuid, uuid, bytea, bytea) TO hub_office;
GRANT EXECUTE ON FUNCTION office_api.announce_stick(uuid, uuid, uuid[], bigint[], bytea[]) TO hub_office;
GRANT EXECUTE ON FUNCTION office_api.import_batch(uuid, uuid, uuid[], bytea[], bytea[], text[], uuid[], uuid[],
    uuid[], bigint[], bigint[]) TO hub_office;
GRANT EXECUTE ON FUNCTION office_api.stick_held(uuid, uuid, uuid[], bytea[]) TO hub_office;
GRANT EXECUTE ON FUNCTION office_api.stick_digests(uuid, uuid) TO hub_office;
GRANT EXECUTE ON FUNCTION office_api.stick_receipt(uuid, uuid, bigint, bigint, text, bigint) TO hub_office;
