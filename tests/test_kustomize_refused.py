"""What kustomize refuses makes a root raw, with the reason; nothing of it ever raises."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from k8snet_lint.loader import UnitKind
from tests.kustomize_support import kubectl, unit_at
from tests.trees import plant

OWN = "kustomize.config.k8s.io"

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web, labels: {app: web}}
spec:
  selector: {app: web}
  ports: [{port: 80}]
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def json_patch(*operations: str) -> str:
    lines = "".join(f"    - {operation}\n" for operation in operations)
    return f"patches:\n- target: {{kind: Service}}\n  patch: |-\n{lines}"


def merge_patch(fields: str) -> str:
    return f"patches: [{{patch: '{{apiVersion: v1, kind: Service, metadata: {{name: web}}, {fields}}}'}}]"


def replacement(source: str, target: str = "{select: {kind: Service}}") -> str:
    return f"replacements: [{{source: {source}, targets: [{target}]}}]"


def variable(name: str, *fields: str) -> str:
    said = ", ".join((f"name: {name}", "objref: {kind: Service, name: web, apiVersion: v1}", *fields))
    return f"vars: [{{{said}}}]\n"


def plugin(*fields: str, namespace: str = "") -> str:
    where = f", namespace: {namespace}" if namespace else ""
    lines = ["apiVersion: builtin", f"metadata: {{name: it{where}}}", *fields]
    return "transformers:\n- |\n" + "".join(f"  {line}\n" for line in lines)


FIELDS = "fieldSpecs: [{path: metadata/name}]"

REFUSED = {
    "an entry that is no mapping": ("images: [nginx]", "its 'images' holds an entry that is no mapping"),
    "an entry with another field": (
        "images: [{name: nginx, tag: '2'}]",
        "'tag' is no field of an entry of 'images'",
    ),
    "a field of another type": ("images: [{name: nginx, newTag: 1.20}]", "'newTag' of 'images' is no text"),
    "an option of another type": (
        "configMapGenerator: [{name: a, options: {labels: {a: true}}}]",
        "'labels' of 'options' is no text",
    ),
    "a version of another kind": (
        f"apiVersion: {OWN}/v1",
        f"its apiVersion is '{OWN}/v1', which kustomize refuses; expected {OWN}/v1beta1",
    ),
    "a patch in brackets that is no JSON": (
        "patches: [{target: {kind: Service}, patch: '[{op: remove, path: /spec}]'}]",
        "a patch that starts with '[' is no JSON",
    ),
    "a list whose items have no kind": (
        "bases: [typed]",
        "'typed/a.yaml' holds a list whose items do not say their kind",
    ),
    "something that is no object": (
        "bases: [strange]",
        "'strange/a.yaml' holds something that is no Kubernetes object, which kustomize refuses",
    ),
    "two kustomizations": (
        "bases: [double]",
        "kustomization.yaml and Kustomization lie beside each other, of which one may",
    ),
    "what says nothing": ("bases: [silent]", "it says nothing but what it is"),
    "metadata that is no mapping": ("metadata: web", "its 'metadata' is no mapping"),
    "tools that are no list": ("transformers: tool.yaml", "its 'transformers' is no list"),
    "an order that is none": ("sortOptions: {order: random}", "'order' of 'sortOptions' is no order"),
    "a label's field that is none": (
        "labels: [{pairs: {a: b}, fields: [spec/labels]}]",
        "'fields' of 'labels' holds an entry that is no mapping",
    ),
    "the only patch of all, which is empty": ("patchesStrategicMerge: [empty.yaml]", "the only patch is empty"),
    "a field that is no mapping": ("commonLabels: [a]", "its 'commonLabels' is no mapping"),
    "a label that is no text": ("commonLabels: {a: 1}", "'a' is set to 1, expected a text"),
    "a patch and a path": ("patches: [{patch: 'a: b', path: p}]", "an entry holds both a patch and a path"),
    "no patch": ("patches: [{target: {kind: Service}}]", "an entry holds neither a patch nor a path"),
    "a patch of nothing": (
        "patches: [{target: {kind: Service}, patch: '{spec: {}}'}]",
        "a patch names no kind or no metadata.name",
    ),
    "a patch that is no YAML": (
        "patches: [{target: {kind: Service}, patch: 'a: b: c'}]",
        "the text does not parse as YAML: a `: ` stands within a plain value",
    ),
    "operations without a target": (
        "patches: [{patch: '- {op: remove, path: /spec}'}]",
        "a JSON patch names no target",
    ),
    "a merge where operations belong": (
        "patchesJson6902: [{target: {kind: Service, name: web}, patch: '{kind: Service, metadata: {name: web}}'}]",
        "a JSON patch is to be a list of operations",
    ),
    "operations for objects of any name": (
        "patchesJson6902: [{target: {kind: Service}, patch: '- {op: remove, path: /spec}'}]",
        "the target of a JSON patch has no name",
    ),
    "an empty patch": ("patches: [{path: empty.yaml}]", "a patch is empty and names no target"),
    "a file of operations in brackets that is no JSON": (
        "patches: [{target: {kind: Service}, path: brackets.yaml}]",
        "a patch that starts with '[' is no JSON",
    ),
    "a patch that makes two objects one": (
        "bases: [below]\npatches: [{target: {kind: Service}, options: {allowNameChange: true}, path: one.yaml}]",
        "the patch makes two objects Service/one",
    ),
    "a label's field that is not created": (
        "labels: [{pairs: {a: b}, fields: [{path: metadata/labels}]}]",
        "'metadata/labels' is named twice, of which one creates it only",
    ),
    "two patches with a target": (
        "patches: [{target: {kind: Service}, path: two.yaml}]",
        "several patches share one target, which is for one patch only",
    ),
    "a regular expression that is none": (
        "patches: [{target: {name: '[a'}, patch: '- {op: remove, path: /spec}'}]",
        "'[a' is no regular expression that we read",
    ),
    "a selector that is none": (
        "patches: [{target: {labelSelector: 'a in'}, patch: '- {op: remove, path: /spec}'}]",
        "'a in' is no selector",
    ),
    "a target with another field": (
        "patches: [{target: {named: web}, patch: '- {op: remove, path: /spec}'}]",
        "'named' is no field of a target",
    ),
    "an operation that is none": (
        json_patch("{op: drop, path: /spec}"),
        "'drop' is no operation of a JSON patch",
    ),
    "a path that is none": (
        json_patch("{op: remove, path: spec}"),
        "'spec' is no path of a JSON patch, expected one that starts with '/'",
    ),
    "taking the name away": (
        json_patch("{op: remove, path: /metadata/name}"),
        "the patch leaves Service/web without a kind or a name",
    ),
    "taking the kind away": (
        json_patch("{op: remove, path: /kind}"),
        "the patch leaves Service/web without a kind or a name",
    ),
    "a replacement of the kind by a list": (
        replacement("{kind: Service, fieldPath: spec.ports}", "{select: {kind: Service}, fieldPaths: [kind]}"),
        "the replacement leaves a Service without a kind or a name",
    ),
    "a test that says not of what": (
        json_patch("{op: test, path: /spec/gone}"),
        "the test of '/spec/gone' fails",
    ),
    "a test of a boolean by a number": (
        json_patch("{op: add, path: /spec/on, value: true}", "{op: test, path: /spec/on, value: 1}"),
        "the test of '/spec/on' fails",
    ),
    "an image that is a list": (
        "bases: [strange-image]\nimages: [{name: web, newTag: '2'}]",
        "'image' holds [1], expected a text",
    ),
    "a subject that is no mapping": (
        "bases: [bound]",
        "RoleBinding/web has a subject whose kind or namespace is no text",
    ),
    "removing nothing": (json_patch("{op: remove, path: /gone}"), "nothing stands at '/gone' to be removed"),
    "removing an item that is none": (
        json_patch("{op: remove, path: /spec/ports/3}"),
        "nothing stands at '/spec/ports/3' to be removed",
    ),
    "adding beyond a list": (
        json_patch("{op: add, path: /spec/ports/7, value: {}}"),
        "the list has no item at '/spec/ports/7'",
    ),
    "adding below nothing": (json_patch("{op: add, path: /gone/a, value: 1}"), "nothing stands at '/gone'"),
    "adding into a scalar": (
        json_patch("{op: add, path: /spec/selector/app/a, value: 1}"),
        "'/spec/selector/app/a' leads into a scalar",
    ),
    "a test that fails": (
        json_patch("{op: test, path: /spec/ports/0/port, value: 81}"),
        "the test of '/spec/ports/0/port' fails",
    ),
    "moving nothing": (json_patch("{op: move, from: /gone, path: /here}"), "nothing stands at '/gone'"),
    "merging a scalar into a mapping": (
        merge_patch("spec: text"),
        "the patch gives a scalar where a mapping stands",
    ),
    "merging a mapping into a list": (
        merge_patch("spec: {ports: {port: 80}}"),
        "the patch gives a mapping where a list stands",
    ),
    "a number in a list of mappings that is merged": (
        f"{json_patch('{op: add, path: /spec/ports/-, value: 81}')}- path: merged.yaml",
        "an item of a list that is merged is 81, expected a mapping",
    ),
    "a list of numbers in which mappings are merged": (
        f"{json_patch('{op: replace, path: /spec/ports, value: [81]}')}- path: merged.yaml",
        "an item of a list that is merged is 81, expected a mapping",
    ),
    "a directive that is none": (
        merge_patch("spec: {$patch: remove}"),
        "'$patch: remove' is no directive, expected delete, merge or replace",
    ),
    "two objects of one name in the end": (
        f"bases: [below]\n{json_patch('{op: replace, path: /metadata/name, value: same}')}",
        "two objects are Service/same in the end",
    ),
    "a number for a key": (
        "bases: [numbers]",
        "ConfigMap/a holds the key 5432, which is no text without quotes",
    ),
    "a number for a key in a patch": (
        merge_patch("spec: {true: b}"),
        "Service/web holds the key true, which is no text without quotes",
    ),
    "a label into a list of labels": (
        "bases: [labelled]\nbuildMetadata: [managedByLabel]",
        "'metadata.labels' holds [], expected a mapping",
    ),
    "labels into a scalar": (
        f"{merge_patch('x: z')}\nlabels: [{{pairs: {{a: b}}, fields: [{{path: x/y, create: true}}]}}]",
        "'x' holds z, expected a mapping",
    ),
    "a generator without a name": (
        "configMapGenerator: [{literals: [a=b]}]",
        "a ConfigMap to be generated has no name",
    ),
    "a literal that is none": (
        "configMapGenerator: [{name: a, literals: [a]}]",
        "'a' is no literal, expected key=value",
    ),
    "a key twice": ("configMapGenerator: [{name: a, literals: [a=b, a=c]}]", "'a=c' gives the key 'a' again"),
    "a file without a path": (
        "configMapGenerator: [{name: a, files: [a=]}]",
        "'a=' is no file, expected path or key=path",
    ),
    "a directory as a file": (
        "configMapGenerator: [{name: a, files: [k=below]}]",
        "'below' is a directory, expected a file",
    ),
    "generating what is there": (
        "configMapGenerator: [{name: a, literals: [a=b]}, {name: a, literals: [a=b]}]",
        "ConfigMap/a is there already, and is not to be merged or replaced",
    ),
    "replacing what is not there": (
        "configMapGenerator: [{name: a, behavior: replace}]",
        "there is no ConfigMap/a to replace",
    ),
    "a variable that names nothing": (
        "vars: [{name: WEB, objref: {kind: Service, name: gone, apiVersion: v1}}]",
        "the variable 'WEB' names no object that is there",
    ),
    "a variable of a field that is none": (
        variable("WEB", "fieldref: {fieldPath: spec.gone}"),
        "Service/web has no 'spec.gone' that the variable 'WEB' could take",
    ),
    "a variable that may mean two objects": (
        f"bases: [two]\n{variable('WEB')}",
        "the variable 'WEB' may mean Service/web or Service/x-web",
    ),
    "a variable twice": (
        f"bases: [declaring]\n{variable('WEB')}",
        "there is a variable 'WEB' already",
    ),
    "a variable with another field": (
        variable("WEB", "path: spec"),
        "'path' is no field of an entry of 'vars'",
    ),
    "a list that holds a number where variables are looked for": (
        f"{variable('WEB')}configurations: [sought.yaml]\n{json_patch('{op: add, path: /spec/numbers, value: [1]}')}",
        "something is no text in a list where variables are looked for",
    ),
    "a configuration with another field": (
        "configurations: [below/kustomization.yaml]",
        "'resources' is no field of a configuration",
    ),
    "a configuration that contradicts the defaults": (
        "configurations: [contrary.yaml]",
        "'metadata/labels' is named twice, of which one creates it only",
    ),
    "a prefix before what is no text": (
        "namePrefix: a-\nconfigurations: [prefix.yaml]",
        "'spec.selector' holds {'app': 'web'}, expected a text",
    ),
    "a namespace in the place of what is no text": (
        "namespace: a\nconfigurations: [prefix.yaml]",
        "'ports' holds [{'port': 80}], expected a namespace",
    ),
    "a plugin that changes names nowhere": (
        plugin("kind: PrefixTransformer", "prefix: a-"),
        "a plugin that changes names is to say which fields hold them",
    ),
    "a plugin with a choice that is none": (
        plugin("kind: NamespaceTransformer", "setRoleBindingSubjects: all", namespace="shop"),
        "'all' is none of defaultOnly, allServiceAccounts, none",
    ),
    "a plugin without a name": (
        "transformers: [nameless/a.yaml]",
        "'transformers' holds something without a kind or a name",
    ),
    "two plugins of one name": (
        f"{plugin('kind: PrefixTransformer', 'prefix: a-', FIELDS)}- plugin.yaml",
        "'transformers' configures PrefixTransformer/it again, which has to be called otherwise",
    ),
    "a plugin of a file that does not exist": (
        "transformers: [gone.yaml]",
        "'gone.yaml' does not exist",
    ),
    "a custom resource's definition as it is applied": (
        "crds: [service.yaml]",
        "'apiVersion' is no definition, as which kustomize takes what files of 'crds' hold",
    ),
    "a list where definitions belong": (
        "crds: [brackets.yaml]",
        "a file of 'crds' holds no definitions",
    ),
    "a schema of another version": (
        "openapi: {version: v1.20.4}",
        "'v1.20.4' is no version of the API that kustomize has built in",
    ),
    "a schema of a version and of a file": (
        "openapi: {version: v1.21.2, path: service.yaml}",
        "'openapi' names both a version and a file",
    ),
    "a schema that is none": (
        f"openapi: {{path: brackets.yaml}}\n{merge_patch('spec: {type: NodePort}')}",
        "what 'openapi' names is no schema",
    ),
    "a replacement without targets": (
        "replacements: [{source: {kind: Service}}]",
        "a replacement is to have a source and targets",
    ),
    "a replacement of a file and of its own": (
        "replacements: [{path: one.yaml, source: {kind: Service}}]",
        "a replacement holds both a path and what is to be replaced",
    ),
    "a replacement from nothing": (
        replacement("{kind: Ingress}"),
        "no object is the source of a replacement",
    ),
    "a replacement from either of two": (
        f"bases: [below]\n{replacement('{kind: Service}')}",
        "the source of a replacement may be Service/web or Service/api",
    ),
    "a replacement from a field that is none": (
        replacement("{kind: Service, fieldPath: spec.gone}"),
        "Service/web has no 'spec.gone' to be put elsewhere",
    ),
    "a replacement from a piece that is none": (
        replacement("{kind: Service, options: {delimiter: '.', index: 1}}"),
        "'web' has no piece 1 between '.'",
    ),
    "a replacement into a field that is none": (
        replacement("{kind: Service}", "{select: {kind: Service}, fieldPaths: [spec.gone]}"),
        "nothing stands at 'spec.gone'",
    ),
    "a replacement into an item that is none": (
        replacement("{kind: Service}", "{select: {kind: Service}, fieldPaths: [spec.ports.7]}"),
        "the list has no item 7 at 'spec.ports.7'",
    ),
    "a replacement of a number by a word": (
        replacement("{kind: Service}", "{select: {kind: Service}, fieldPaths: [spec.ports.0.port]}"),
        "'web' takes the place of 80 at 'spec.ports.0.port', which is no text",
    ),
    "a replacement that selects nothing": (
        replacement("{kind: Service}", "{fieldPaths: [spec]}"),
        "a replacement does not say what to select",
    ),
    "a replacement with another field": (
        replacement("{kind: Service, path: spec}"),
        "'path' is no field of a replacement",
    ),
    "counts of nothing": (
        "replicas: [{name: web, count: 2}]",
        "no workload is called 'web' to set its count of replicas",
    ),
    "a file as a component": (
        "components: [service.yaml]",
        "'service.yaml' is a file, expected a component's directory",
    ),
    "a kustomization as a component": ("components: [below]", "'below' is no component"),
    "a component as a resource": (
        "bases: [part]",
        "'part' is a component, which belongs into 'components'",
    ),
    "an object without a name": (
        "bases: [nameless]",
        "'nameless/a.yaml' holds a ConfigMap without metadata.name, which kustomize refuses",
    ),
    "a namespace that makes two objects one": (
        "namespace: one\nbases: [elsewhere]",
        "the namespace 'one' makes two objects Service/one/web",
    ),
    "a reference that may mean two": (
        "bases: [two, ingress.yaml]\nnamePrefix: p-",
        "'web' may name Service/p-web or Service/p-x-web",
    ),
}


def tree(fields: str) -> None:
    """A kustomization of a Service, with all that the cases name."""
    plant(
        {
            "kustomization.yaml": f"resources: [service.yaml]\n{fields}\n",
            "service.yaml": SERVICE,
            "two.yaml": "---".join(SERVICE.replace("web", name) for name in ("web", "api")),
            "empty.yaml": "# nothing yet\n",
            "brackets.yaml": "[{op: remove, path: /spec}]\n",
            "one.yaml": "kind: Service\nmetadata: {name: one}\n",
            "below/kustomization.yaml": "resources: [api.yaml]\n",
            "below/api.yaml": SERVICE.replace("web", "api"),
            "part/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n",
            "nameless/kustomization.yaml": "resources: [a.yaml]\n",
            "nameless/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a-}\n",
            "numbers/kustomization.yaml": "resources: [a.yaml]\n",
            "numbers/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {'80': a, 5432: b}\n",
            "merged.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: NodePort}\n",
            "labelled/kustomization.yaml": "resources: [a.yaml]\n",
            "labelled/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: []}\n",
            "strange-image/kustomization.yaml": "resources: [a.yaml]\n",
            "strange-image/a.yaml": """
                apiVersion: v1
                kind: Pod
                metadata: {name: web}
                spec: {containers: [{name: web, image: [1]}]}
                """,
            "bound/kustomization.yaml": "resources: [a.yaml]\n",
            "bound/a.yaml": """
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: web}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}
                subjects: [web]
                """,
            "typed/kustomization.yaml": "resources: [a.yaml]\n",
            "typed/a.yaml": "apiVersion: v1\nkind: ServiceList\nitems: [{metadata: {name: api}}]\n",
            "strange/kustomization.yaml": "resources: [a.yaml]\n",
            "strange/a.yaml": "a: b\n",
            "silent/kustomization.yaml": "kind: Kustomization\nresources:\n",
            "double/kustomization.yaml": "namePrefix: a-\n",
            "double/Kustomization": "namePrefix: b-\n",
            "sought.yaml": "varReference: [{path: spec/numbers, kind: Service}]\n",
            "contrary.yaml": "commonLabels: [{path: metadata/labels}]\n",
            "prefix.yaml": "namePrefix: [{path: spec/selector}]\nnamespace: [{path: spec/ports}]\n",
            "plugin.yaml": f"""
                apiVersion: builtin
                kind: PrefixTransformer
                metadata: {{name: it}}
                prefix: b-
                {FIELDS}
                """,
            "declaring/kustomization.yaml": "namePrefix: b-\nresources: [api.yaml]\n"
            + variable("WEB").replace("web", "api"),
            "declaring/api.yaml": SERVICE.replace("web", "api"),
            "elsewhere/kustomization.yaml": "resources: [web.yaml]\n",
            "elsewhere/web.yaml": SERVICE.replace("name: web", "name: web, namespace: elsewhere"),
            "two/kustomization.yaml": "namePrefix: x-\nresources: [web.yaml]\n",
            "two/web.yaml": SERVICE,
            "ingress.yaml": """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: web}
                spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
                """,
        }
    )


@pytest.mark.parametrize(("fields", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_is_said(fields: str, reason: str) -> None:
    tree(fields)
    unit = unit_at(Path())
    assert (unit.kind, unit.reason) == (UnitKind.RAW, reason)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl, the oracle, is not on PATH")
@pytest.mark.parametrize("fields", [fields for fields, _ in REFUSED.values()], ids=REFUSED)
def test_kubectl_refuses_it_too(fields: str) -> None:
    tree(fields)
    assert kubectl(Path()) is None


def test_a_number_for_a_key_that_is_taken_away_does_no_harm() -> None:
    tree("bases: [numbers]\npatches: [{patch: '{kind: ConfigMap, apiVersion: v1, metadata: {name: a}, data: null}'}]")
    assert unit_at(Path()).reason == ""


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("patches: [{target: {name: '(a+)+b'}, patch: '- {op: remove, path: /spec}'}]", "'(a+)+b' is no regular"),
        (
            json_patch(*(f"{{op: copy, from: /spec, path: /spec/copy{n}}}" for n in range(30))),
            "a JSON patch copies more than 100000 values",
        ),
        (
            merge_patch(f"spec: {{ports: [{', '.join(f'{{port: {port}}}' for port in range(1, 3000))}]}}"),
            "two lists of more than 2000 items together are not merged",
        ),
    ],
)
def test_what_would_take_for_ever_is_not_built(fields: str, reason: str) -> None:
    tree(fields)
    unit = unit_at(Path())
    assert unit.kind is UnitKind.RAW
    assert unit.reason.startswith(reason)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (
            json_patch("{op: copy, from: /metadata/annotations, path: /spec/copy}"),
            "'/metadata/annotations' holds notes of kustomize's own besides",
        ),
        (
            json_patch("{op: test, path: /metadata, value: {name: web, labels: {app: web}}}"),
            "'/metadata' holds notes of kustomize's own besides",
        ),
        (
            f"namePrefix: a-\n{replacement('{kind: Service, fieldPath: metadata}')}",
            "'metadata' holds notes of kustomize's own besides",
        ),
    ],
)
def test_what_would_hold_notes_of_kustomize_is_not_built(fields: str, reason: str) -> None:
    tree(fields)
    assert unit_at(Path()).reason == reason


def test_many_patches_of_many_objects_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("k8snet_lint.kustomize.building.MAX_STEPS", 1)
    tree("namePrefix: a-\ncommonLabels: {a: b}\n")
    assert unit_at(Path()).reason == "its patches and the like look at too many objects"


@pytest.mark.parametrize(
    ("schema", "fields", "reason"),
    [
        ('{"definitions": {}, "paths": {"/a": {}}}', "openapi: {path: schema.json}", "openapi not applied"),
        ('{"definitions": {}}', "bases: [with-schema]", "openapi not applied"),
        ('{"definitions": {}}', "bases: [with-schema]\nopenapi: {version: v1.21.2}", ""),
    ],
)
def test_a_schema_that_says_more_than_how_to_merge_is_not_built(schema: str, fields: str, reason: str) -> None:
    tree(fields)
    plant(
        {
            "schema.json": schema,
            "with-schema/schema.json": schema,
            "with-schema/kustomization.yaml": "openapi: {path: schema.json}\nresources: [api.yaml]\n",
            "with-schema/api.yaml": SERVICE.replace("web", "api"),
        }
    )
    assert unit_at(Path()).reason == reason
