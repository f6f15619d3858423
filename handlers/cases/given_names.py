"""Names that people in Indonesia are given and that mean nothing else, in small letters.

Two of them in a row are a person, however they are written. Left out is what is a word or a place as well (indah, jaya,
putra, bunga, surya, mulia): a report must stay readable.
"""

GIVEN_NAMES = frozenset(
    """
    abdul abdullah abdurrahman achmad adrianus agnes agus agustina agustinus ahmad aisyah alex alexander ali
    amat aminah amir andi andika andre andreas andri andrianus anita anton antonius apolonia arif arifin
    aris asep astuti atik aulia ayu bambang barbara bayu benediktus bernadus bonifasius budi budiman budiono
    cornelius daniel darmawan darwis david dedi deni desi dewi dian didik dina dominikus dwi edi edy effendi
    eko elisabet elisabeth emanuel endang erna erni erwin fadli fahmi faisal fatimah fatmawati febri felix
    ferdinandus ferry fitri fitriani florensia frans fransiska fransiskus gabriel gregorius gunawan guntur
    hadi halimah hamdan hamid hamzah handoko harianto hariyanto hartati hartono harun hasan hasanah hendra
    hendri hendrik heni heri herlina herman hermansyah hermanus heru hidayat hilarius husin ibrahim ignasius
    irawan irma irwan isabela iskandar ismail ivan iwan jaka jamaludin januarius joko joni jono juliana
    jumadi kadir katarina khairul kornelius kristian kristianus kristina kurniawan laurensius lidia lilis
    lina linda lukas lukman lusia lusiana maman margareta maria mariam mariana marianus marsel marselinus
    martha martina martinus maryam maryati maryono mateus matius maulana mayasari mikael mohammad muhamad
    muhammad mulyadi mulyani mulyono mustafa nanang natalia nikolaus nina ningsih novi novita nugroho nur
    nuraini nurhayati nurul oktavianus paulus petrus philipus pranoto prasetyo priyanto purnomo purwanto
    rahayu rahman rahmawati ramadhan ratna reni rian ridwan rika rina rini riska rizal rizky rohani romanus
    rosalia rosita rudi rudy rusli rusmiati rustam sabinus saiful salim salmah santi santoso sarah sari
    setiawan setyawan sigit silvester simon siti slamet sofyan sri stefanus subagyo sudarmono sudirman
    sugeng sugianto suharto suhartono sujono sukardi sukarno sulaiman sulastri sumarni sumarno sumiati
    sunarto supardi suparman supriadi supriyadi supriyanto suryadi suryani susanti susanto susilo sutrisno
    suwarno suyanto syahrul syarif tarsisius teguh theresia thomas titik toni tono totok tri triyono tuti
    udin umar usman utami utomo valentinus vinsensius wahid wahyudi wahyuni wati wawan wibowo widodo wijaya
    winarti wiwik yanti yanto yanuarius yati yayan yohana yohanes yosef yoseph yudi yulia yuliana yulianto
    yulianus yuliati yuni yunita yunus yusuf zainal zainuddin zulkarnain zulkifli
    """.split()
)
